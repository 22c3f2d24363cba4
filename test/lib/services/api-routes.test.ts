import { fingerprint, pathName, pathsOf, permissionPath } from '../../../lib/services/api-routes';

test('every path is made once and after the path above it', () => {
  const routes = [
    { method: 'GET', path: '/orders/{orderId}' },
    { method: 'POST', path: '/orders' },
    { method: 'GET', path: '/health/deep' },
  ] as const;
  expect(pathsOf(routes)).toEqual([
    { path: '/orders', parentPath: '/', part: 'orders' },
    { path: '/orders/{orderId}', parentPath: '/orders', part: '{orderId}' },
    { path: '/health', parentPath: '/', part: 'health' },
    { path: '/health/deep', parentPath: '/health', part: 'deep' },
  ]);
});

test.each([
  ['POST', '/orders', 'POST/orders', 'orders'],
  ['GET', '/orders/{orderId}', 'GET/orders/*', 'orders-orderId'],
  ['GET', '/health/deep', 'GET/health/deep', 'health-deep'],
] as const)('%s %s is permitted as %s and named %s', (method, path, permission, name) => {
  expect(permissionPath({ method, path })).toBe(permission);
  expect(pathName(path)).toBe(name);
});

describe('the fingerprint, which decides about a new deployment', () => {
  const health = { method: 'GET', path: '/health', target: 'health-dev' };
  const orders = { method: 'POST', path: '/orders', target: 'orders-api-dev' };
  const its = fingerprint([health, orders]);

  test.each([
    ['the same from run to run', [health, orders], true],
    ['the same in another order of routes', [orders, health], true],
    ['the same in another order of fields', [{ target: 'health-dev', path: '/health', method: 'GET' }, orders], true],
    ['another for another target', [{ ...health, target: 'health-pr1' }, orders], false],
    ['another for another method', [{ ...health, method: 'POST' }, orders], false],
    ['another without a route', [health], false],
  ])('is %s', (_, description, same) => {
    expect(fingerprint(description) === its).toBe(same);
  });

  test('has the value it had when this test was written, on every machine', () => {
    expect(its).toBe('a90e9e9f85a292955ed1981530ef851b406322e2c50cb8b01fc140c95a051bbc');
  });
});
