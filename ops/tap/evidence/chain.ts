import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { createJournalItems } from '../../../lambda/failover-orchestrator/journal-items';
import { type ChainFault, verifyChain } from '../../../lambda/failover-orchestrator/report';
import { part, type Part } from '../ask';
import { type Context, roleOf, type Stack } from '../context';

/** One report as the journal keeps it: its place in the chain, and its text, compressed. */
const linkForm = z.object({
  number: z.number().int(),
  hash: z.string(),
  runId: z.string(),
  key: z.string(),
  body: z.instanceof(Uint8Array),
});

const headForm = z.object({ number: z.number().int(), hash: z.string() });

/** What a person is shown of a report; an auditor reads the object itself. */
const reportForm = z.object({
  report: z.object({
    number: z.number(),
    runId: z.string(),
    startedAt: z.number(),
    endedAt: z.number(),
    outcome: z.string(),
    why: z.string(),
    trigger: z.object({ kind: z.string(), who: z.string().optional() }),
    epoch: z.number().optional(),
    lossMs: z.number().optional(),
    recoveredAfterMs: z.number().optional(),
  }),
});
export type ShownReport = z.output<typeof reportForm>['report'];

/** The reports of one region, and everything about them that is not as it was written. */
export interface RegionEvidence {
  readonly region: string;
  readonly reports: readonly ShownReport[];
  readonly faults: readonly ChainFault[];
  /** Objects in the bucket that could be compared with the journal. */
  readonly copies: number;
  /** Objects that could not be read now, with the reason: neither a proof nor a fault. */
  readonly unread: readonly string[];
}

/** How long a region's journal may take, and one object, in milliseconds. */
const JOURNAL_MS = 20_000;
const OBJECT_MS = 9_000;

/** The partition of the reports in the journal, and the item that names the newest (lambda/failover-orchestrator/report-store.ts). */
const REPORTS = 'report';
const HEAD = 'head';

/** Verifies the chain of one region against its journal and its bucket; a region that does not answer is a reason. */
export function readEvidence(context: Context, stack: Stack, region: string): Promise<Part<RegionEvidence>> {
  return part(JOURNAL_MS, `the journal in ${region}`, async () => {
    const items = createJournalItems(context.clients.dynamodb(region), stack.outputs.journalTable);
    const [head, found] = await Promise.all([items.get(REPORTS, HEAD), items.listBefore(REPORTS, HEAD)]);
    const links = found.map((item) => linkForm.safeParse(item));
    const texts = links.map((link) => (link.success ? textOf(link.data.body) : ''));
    const sealed = texts.map((text) => parsed(text));
    const newest = headForm.safeParse(head).data;
    const chain = verifyChain(sealed, newest ? { [region]: newest.hash } : {});
    const headless: readonly ChainFault[] =
      newest || found.length === 0 ? [] : [{ region, number: found.length, why: 'the journal names no newest report' }];
    const copies = await Promise.all(
      links.flatMap((link, index) =>
        link.success ? [compare(context, stack, region, link.data, texts[index] ?? '')] : [],
      ),
    );
    return {
      region,
      reports: sealed.flatMap((one) => reportForm.safeParse(one).data?.report ?? []),
      faults: [...chain, ...headless, ...copies.flatMap(({ fault }) => fault ?? [])],
      copies: copies.filter(({ unread }) => unread === undefined).length,
      unread: copies.flatMap(({ unread }) => unread ?? []),
    };
  });
}

/**
 * Whether the object in the bucket is what the journal holds. S3 says that one is not there only to who may list the bucket (API
 * reference, GetObject, "Permissions"); to everybody else it says 403, which proves nothing and is told as such.
 */
async function compare(
  { clients }: Context,
  stack: Stack,
  region: string,
  { key, number }: z.output<typeof linkForm>,
  text: string,
): Promise<{ readonly fault?: ChainFault; readonly unread?: string }> {
  const { primaryAuditLogsBucket, drAuditLogsBucket } = stack.outputs;
  const bucket = roleOf(stack, region) === 'primary' ? primaryAuditLogsBucket : drAuditLogsBucket;
  const found = await part(OBJECT_MS, key, async () => {
    try {
      const { Body } = await clients.s3(region).send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  });
  if (!found.ok) return { unread: `s3://${bucket}/${key}: ${found.why}` };
  if (found.value === text) return {};
  const what = found.value === undefined ? 'is missing' : 'is not what the journal holds';
  return { fault: { region, number, why: `the object s3://${bucket}/${key} ${what}` } };
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'NoSuchKey';
}

/** What cannot be unpacked is no report, and the chain says so. */
function textOf(body: Uint8Array): string {
  try {
    return gunzipSync(body).toString('utf8');
  } catch {
    return '';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
