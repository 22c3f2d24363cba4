import type { ModelledBehaviour } from '../aws/fidelity';

const MANUAL = 'PostgreSQL 17 manual';
const CONTRACT = 'the same statements on a real server (test/rehearsal/postgres/contract.test.ts)';

/** What is modelled of PostgreSQL and of a connection to it. */
export const POSTGRES_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A statement answers rows, types, row counts and SQLSTATEs, and waits for other transactions.',
    model: 'exact',
    how:
      'Each statement of lambda/, by its text, but for the migrations themselves; any other ends the run. READ COMMITTED; checks, types and ' +
      'conflicts as the migrations have them. Of the three time limits the one that our handlers arm.',
    source: `${MANUAL}, 13.2.1 and INSERT; ${CONTRACT}`,
    test: 'whatever two sessions do, in whatever order',
  },
  {
    behaviour: 'A parameter with the character U+0000 is refused with 22021, and its transaction is over.',
    model: 'exact',
    how: 'Every parameter in text, when it is bound. Other bytes that are no UTF-8 do not come: the driver writes U+FFFD.',
    source: `${MANUAL}, 8.3 ("cannot be stored") and 23.3.3; ${CONTRACT}`,
    test: 'a text with no character in it is refused with 22021, whatever it was for, and the transaction is over',
  },
  {
    behaviour: 'Row locks are granted in order to those who wait, and at once to those who share.',
    model: 'exact',
    how:
      'One row can be locked, writer_epoch. Several that wait for one key go on in order; a real server lets ' +
      'them race.',
    source: `${MANUAL}, 13.3.2; ${CONTRACT}`,
    test: 'who waits for a row is served in order, and sharing it never waits for somebody who waits',
  },
  {
    behaviour: 'An advisory lock is held to the end of the transaction, and a table that is there is not made again.',
    model: 'simplified',
    how: 'schema-migrator on a database that has all migrations, with their own names and checksums; it never applies one.',
    source: `${MANUAL}, 9.28.10 and CREATE TABLE; ${CONTRACT}`,
    test: 'the migrator finds its own history, checksums included, and waits for another run',
  },
  {
    behaviour: 'A deadlock is found after a second, and the transaction that finds it fails.',
    model: 'exact',
    how: 'deadlock_timeout is 1 s, its default; looked for once in a wait.',
    source: `${MANUAL}, 13.3.4 and 19.12; ${CONTRACT}`,
    test: 'those who share a row and both want to change it: the first one that waits gives way after a second',
  },
  {
    behaviour: 'INSERT ... ON CONFLICT DO NOTHING waits for a transaction that inserts the same key.',
    model: 'exact',
    how: 'By the primary keys of order_effects and payment_effects.',
    source: `${MANUAL}, INSERT, "ON CONFLICT Clause"; ${CONTRACT}`,
    test: 'of two that insert the same key the second one waits, and inserts only if the first one is rolled back',
  },
  {
    behaviour:
      'transaction_timeout ends the session, from its setting to the beginning of the commit; equal limits beside it are never armed.',
    model: 'exact',
    how: 'In virtual time. It does not bound the commit itself.',
    source: `${MANUAL}, 19.11.1, and postgres.c; ${CONTRACT}`,
    test: 'a transaction that idles, and one that waits, end with transaction_timeout, and the session with them',
  },
  {
    behaviour: 'A session that goes away is rolled back.',
    model: 'exact',
    how: 'When the server hears of it; a session that waits for a lock hears of it afterwards.',
    source: CONTRACT,
    test: 'a session that goes away lets go of everything',
  },
  {
    behaviour: 'A server that takes no writes refuses them with 25006.',
    model: 'exact',
    how: 'Compared under default_transaction_read_only; a server in recovery differs by pg_is_in_recovery() alone.',
    source: `${MANUAL}, 26.4.1; ${CONTRACT}`,
    test: 'a server that takes no writes says so',
  },
  {
    behaviour: 'A log-in with a wrong password or database is refused.',
    model: 'simplified',
    how:
      'The password is asked for in clear text; SCRAM, which Aurora uses, and TLS are one and two round trips ' +
      'more. No pg_hba.conf.',
    source: `${MANUAL}, 53.2.1; ${CONTRACT}`,
    test: 'a wrong password and a database that is not there are refused',
  },
  {
    behaviour: 'aurora_global_db_status() tells how far each region is behind.',
    model: 'simplified',
    how: 'Region, RPO lag and the time of its calculation; -1 and 1970 for the writer.',
    source: 'Aurora guide, "aurora_global_db_status"; compared with a function of the same columns on a real server',
    test: 'aurora_global_db_status() is read where it is, and does not exist elsewhere',
  },
  {
    behaviour: 'TCP sends again what was lost, keeps the order, and gives up after about 15 minutes.',
    model: 'simplified',
    how:
      'From 0.2 s on, twice as long each time up to 120 s, 15 times; SYNs from 1 s on. No keep-alive: its ' +
      'default is two hours.',
    source: 'RFC 6298; Linux, ip-sysctl (tcp_retries2)',
    test: 'gets what was lost sent again, when the path is open again',
  },
  {
    behaviour: 'A commit can stand without its client ever hearing of it.',
    model: 'exact',
    how: 'Durable at one moment, acknowledged when the client’s code gets the answer.',
    source: 'The protocol: COMMIT is answered after it is durable (PostgreSQL 17 manual, 28.3)',
    test: 'never hears that a half-open path has committed: the commit stands and is not acknowledged',
  },
];
