import { startModel } from './model';
export async function main() {
  const model = startModel();
  const client = model.client();
  await model.until(client.connect());
  const begin = (i: number) => `BEGIN ;
    SELECT set_config(name, '${5000 + (i % 500)}', true) FROM pg_settings
    WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'transaction_timeout')`;
  const insert = `INSERT INTO order_effects
       (order_id, verdict, reason, epoch, region, symbol, side, quantity, limit_price, account, received_at, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
     ON CONFLICT (order_id) DO NOTHING RETURNING verdict, reason, epoch, region, executed_at`;
  const one = async (i: number) => {
    await client.query(begin(i));
    await client.query('SELECT epoch FROM writer_epoch FOR SHARE');
    await client.query('SELECT verdict, reason, epoch, region, executed_at FROM order_effects WHERE order_id = $1', ['o' + i]);
    await client.query('SELECT symbol, tick_size, band_low, band_high FROM instruments WHERE symbol = $1 AND traded', ['SAP']);
    await client.query(insert, ['o' + i, 'PROCESSED', null, 1, 'eu-central-1', 'SAP', 'BUY', 10, '230.5', 'DE-1', '2026-11-24T03:51:00.250Z', '2026-11-24T04:06:00.250Z']);
    await client.query('COMMIT');
  };
  for (const n of [500, 2000, 5000]) {
    const cpu = process.cpuUsage();
    const t = process.hrtime.bigint();
    let done = 0;
    (async () => { for (let i = 0; i < n; i++) { await one(n * 10000 + i); done++; } })();
    while (done < n) await model.clock.run(model.clock.now() + 1000);
    const u = process.cpuUsage(cpu);
    console.log(n, Number(process.hrtime.bigint() - t) / 1e3 / n, 'us wall', (u.user + u.system) / n, 'us cpu');
  }
}

