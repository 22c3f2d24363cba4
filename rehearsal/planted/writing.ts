import { replaced, rewired } from './plant';
import { withTablesOfIndexes } from './policies';
import type { PlantedFault } from './plant';

/** Wrong in who may write, and in what is looked for afterwards. */
export const WRITING_FAULTS: readonly PlantedFault[] = [
  {
    name: 'lease-end-not-checked',
    story: 'A region writes and acknowledges after its lease is over.',
    sources: [replaced('lambda/shared/may-write.ts', ['leaseEnd - SKEW_MS;', 'leaseEnd + 3_600_000;'])],
    caughtBy: { scenario: 'primary-alone', seeds: ['2', '4'], violation: /double write/ },
  },
  {
    name: 'open-too-early',
    story: "A region opens before the other one's lease is over.",
    sources: [
      replaced('lambda/shared/register-keeper.ts', [
        'if (waitMs > 0) return pending',
        'if (waitMs > 3_600_000) return pending',
      ]),
    ],
    caughtBy: { scenario: 'processing-dead-then-alone', seeds: ['1'], violation: /double write/ },
  },
  {
    name: 'majority-of-one',
    story: 'One register of three is enough to own writes.',
    sources: [
      replaced('lambda/shared/register/record.ts', ['majority: 2, primaryRegion }', 'majority: 1, primaryRegion }']),
    ],
    caughtBy: { scenario: 'primary-alone', seeds: ['2', '4'], violation: /double write/ },
  },
  {
    name: 'last-won-dropped',
    story: 'The form of a register has no field for who has won before: each write erases it.',
    sources: [
      replaced('lambda/shared/register/register-store.ts', [
        `  lastWon: z.optional(
    z.object({
      activeRegion: z.string().check(z.minLength(1)),
      epoch: z.int().check(z.positive()),
      released: z.boolean(),
      renewedAt: wholeNumber,
    }),
  ),
`,
        '',
      ]),
    ],
    caughtBy: {
      scenario: 'region-dark-witness-answers-lost',
      seeds: ['1'],
      violation: /no region took over|no order was good again/,
    },
  },
  {
    name: 'trusts-processed',
    story: "The reconciler believes what an order's items say of its result, instead of asking PostgreSQL.",
    sources: [
      replaced(
        'lambda/reconciler/compose.ts',
        [
          "import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';",
          "import { QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';",
        ],
        [
          "const ask: SweepPorts<R>['withoutEffect'] = (ids) => {",
          "const ask: SweepPorts<R>['withoutEffect'] = async (ids) => {",
        ],
        [
          'return calls.ask(env.LEDGER_FUNCTION, request, withoutEffect, LEDGER_MS);',
          `const answered = await calls.ask(env.LEDGER_FUNCTION, request, withoutEffect, LEDGER_MS);
        const believed = await Promise.all(
          answered.ids.map(async (id) => {
            const { Items = [] } = await clients.received.send(
              new QueryCommand({
                TableName: table,
                KeyConditionExpression: 'pk = :pk',
                ExpressionAttributeValues: { ':pk': { S: id } },
              }),
            );
            return Items.length > 1;
          }),
        );
        return {
          ids: answered.ids.filter((_, index) => !believed[index]),
          settled: [
            ...answered.settled,
            ...answered.ids
              .filter((_, index) => believed[index])
              .map((id) => ({ id, epoch: 1, region: env.PRIMARY_REGION })),
          ],
        };`,
        ],
      ),
    ],
    // It would have to be allowed to read them.
    graph: rewired(
      'aws:iam/rolePolicy:RolePolicy',
      ({ name }) => name.endsWith('reconciler-policy'),
      withTablesOfIndexes,
    ),
    caughtBy: {
      scenario: 'database-far-behind',
      seeds: ['1'],
      violation: /lost: order .* was in the surviving region's table/,
    },
  },
  {
    name: 'results-not-repaired',
    story: 'The reconciler leaves an order alone that has its row, whether or not its client is told.',
    sources: [replaced('lambda/reconciler/sweep.ts', ['await unreported.repair(budget.until);', ''])],
    caughtBy: { scenario: 'results-not-written', seeds: ['1'], violation: /untold: / },
  },
  {
    name: 'refused-content-waits',
    story: 'What the database does not take for its content is tried again, like everything that fails.',
    sources: [
      replaced('lambda/shared/database-errors.ts', [
        "return REFUSED_CONTENT.test(sqlState(error) ?? '');",
        "return REFUSED_CONTENT.test('') && error === undefined;",
      ]),
    ],
    caughtBy: { scenario: 'switchover-unstorable', seeds: ['1'], violation: /no region took over/ },
  },
  {
    name: 'sweep-not-set-back',
    story: 'A run leaves the sweep of the new region where it stands.',
    sources: [
      replaced('lambda/failover-orchestrator/steps/reconcile.ts', [
        'return Math.min(from, Math.max(sweptThrough ?? Infinity, at - LONGEST_VALIDITY_MS));',
        'return Math.min(at, Math.max(sweptThrough ?? at, from));',
      ]),
      // The hour that every sweep looks over in turn would find them as well, after minutes.
      replaced('lambda/reconciler/sweep.ts', ['const late = isPassed ?', 'const late = isPassed && at < 0 ?']),
    ],
    caughtBy: {
      scenario: 'database-far-behind',
      seeds: ['1'],
      violation: /lost: order .* was in the surviving region's table/,
    },
  },
  {
    name: 'writer-by-one-name-only',
    story:
      'A region that has taken over looks for its writer by the cluster’s name alone, which its resolver remembers as absent.',
    sources: [
      replaced('lambda/shared/database.ts', [
        'if (options.host !== undefined || !isNameUnknown(error)) throw error;',
        'if (options.host !== undefined || error !== undefined || !isNameUnknown(error)) throw error;',
      ]),
    ],
    caughtBy: { scenario: 'region-dark', seeds: ['nx-0'], violation: /no order was good again/ },
  },
];
