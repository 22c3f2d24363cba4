/** The item of an order as the orders API writes it. */
export const ORDER = {
  pk: 'o-1',
  sk: 'ORDER',
  orderId: 'o-1',
  symbol: 'ALV',
  side: 'BUY',
  quantity: 100,
  limitPrice: '251.5',
  account: 'A-7',
  receivedAt: '2026-11-24T03:50:00.000Z',
  validUntil: '2026-11-24T04:05:00.000Z',
  region: 'eu-central-1',
};
