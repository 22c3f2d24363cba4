import { apiUrl, flow } from './support/deployment';
import { request } from './support/http';
import { TRADING_DATA_MARKER } from '../../lambda/health/marker';

describe('health', () => {
  for (const role of ['primary', 'dr'] as const) {
    flow(`${role} proves that it has valid trading data`, {}, async (stack) => {
      const { status, body } = await request('GET', apiUrl(stack, role, '/health'));
      expect(status).toBe(200);
      expect(JSON.stringify(body)).toContain(TRADING_DATA_MARKER);
      expect(body['region']).toBe(role === 'primary' ? stack.primaryRegion : stack.drRegion);
    });

    flow(`${role} tells what it found, check by check`, {}, async (stack) => {
      const { body } = await request('GET', apiUrl(stack, role, '/health/deep'));
      expect(JSON.stringify(body)).toMatch(/database/i);
    });
  }

  flow('the failover name answers', { aws: 'one domain name in two regions and DNS answers' }, async (stack) => {
    expect((await request('GET', `${stack.apiEndpoint}/health`)).status).toBe(200);
  });
});
