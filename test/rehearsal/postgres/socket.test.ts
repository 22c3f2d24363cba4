import { startModel } from './model';

describe('a client of node-postgres on the model', () => {
  test('connects, begins, writes, commits and reads as on a server', async () => {
    const model = startModel();
    const client = model.client();
    await model.until(client.connect());
    await model.until(
      client.query(
        "BEGIN ;\n SELECT set_config(name, '5000', true) FROM pg_settings\n WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')",
      ),
    );
    const found = await model.until(client.query('SELECT epoch FROM writer_epoch FOR SHARE'));
    expect(found.rows).toEqual([{ epoch: '1' }]);
    await model.until(client.query('UPDATE writer_epoch SET epoch = $1 WHERE epoch < $1', [7]));
    await model.until(client.query('COMMIT'));
    expect(model.content.epoch).toBe(7);
    expect(model.acknowledged).toBe(1);
    await model.until(client.end());
    expect(model.server.sessions).toBe(0);
  });
});
