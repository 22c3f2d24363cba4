import { dnsNames } from '../../../lib/routing/dns-names';

test('one wildcard covers every name: failover names, and regional names that never move', () => {
  expect(dnsNames('example.com', 'dev', { primary: 'eu-central-1', dr: 'eu-central-2' })).toEqual({
    base: 'dev.example.com',
    api: 'api.dev.example.com',
    app: 'app.dev.example.com',
    active: 'active.dev.example.com',
    vantage: { primary: 'vantage-eu-central-1.dev.example.com', dr: 'vantage-eu-central-2.dev.example.com' },
    regional: {
      primary: { api: 'api-eu-central-1.dev.example.com', app: 'app-eu-central-1.dev.example.com' },
      dr: { api: 'api-eu-central-2.dev.example.com', app: 'app-eu-central-2.dev.example.com' },
    },
  });
});
