import type { Graph } from '../../../analysis/graph/graph';
import { type Facts, type QuotaLook, type QuotaName, QUOTAS, scoreOf } from '../../../analysis/readiness/readiness';
import { ALWAYS_ENABLED, readAccount } from './account';
import { type Ask, createAsk } from './ask';
import type { PreflightClients } from './clients';
import { type Finding, outcomeOf, type Report } from './finding';
import { type NameServersOf, readHostedZone } from './hosted-zone';
import { accountFindings, type Asked, graphFindings } from './judge';
import { bucketFinding, secretFindings } from './own-checks';
import { whole } from './partly';
import { QUOTA_ROWS, readQuota } from './quotas';
import { readRegions } from './region-facts';
import { type Subject, subjectOf } from './subject';

/** What the look needs of the world. */
export interface LookPorts {
  readonly clients: PreflightClients;
  readonly nameServersOf: NameServersOf;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** For everything after the first questions, in milliseconds: with those (8 s) and the evaluation it stays below 30 s. */
const LOOK_MS = 15_000;

/**
 * Looks at everything that would stop the deployment of an evaluated program half way. Only reads.
 *
 * @throws TapError when AWS refuses the credentials.
 */
export async function look(graph: Graph, ports: LookPorts): Promise<Report> {
  const { clients, nameServersOf, now } = ports;
  const began = now();
  const subject = subjectOf(graph, began);
  const account = await readAccount(clients, subject.policy.regions);
  const ask = createAsk(LOOK_MS, now, account.closed);
  const ownBuckets = new Set(account.id.known ? subject.buckets(account.id.value).map(({ name }) => name) : []);
  const [regions, hostedZone, quotas, buckets] = await Promise.all([
    readRegions(ask, clients, subject),
    ask({
      region: ALWAYS_ENABLED,
      right: 'route53:ListHostedZonesByName, route53:GetHostedZone, and DNS',
      ask: () => readHostedZone(clients, nameServersOf, subject.domain),
    }),
    readQuotas(ask, clients, subject, ownBuckets),
    bucketFinding(ask, clients, subject, account.id),
  ]);
  const facts: Asked['facts'] = {
    ...regions,
    regionStatus: whole(account.regionStatus),
    hostedZone: whole(hostedZone),
    quotas: quotas.fact,
  };
  const secrets = await secretFindings(ask, clients, subject, (region) => isSecretAbsent(facts, subject, region));
  const findings: readonly Finding[] = [
    ...accountFindings(graph, subject, { facts, quotaGaps: quotas.gaps }),
    ...secrets,
    buckets,
    ...graphFindings(graph),
  ];
  return {
    stack: graph.stack,
    regions: subject.regions,
    ...(account.id.known && { account: account.id.value }),
    ...(account.caller !== undefined && { caller: account.caller }),
    findings,
    score: scoreOf(findings),
    outcome: outcomeOf(findings),
    tookMs: now() - began,
  };
}

async function readQuotas(
  ask: Ask,
  clients: PreflightClients,
  subject: Subject,
  ownBuckets: ReadonlySet<string>,
): Promise<{ readonly fact: NonNullable<Asked['facts']['quotas']>; readonly gaps: Asked['quotaGaps'] }> {
  const answers = await Promise.all(
    QUOTAS.map(async (name) => {
      const { per, right } = QUOTA_ROWS[name];
      const regions = per === 'account' ? [ALWAYS_ENABLED] : subject.regions;
      const facts = await Promise.all(
        regions.map((region) =>
          ask({ region, right, ask: () => readQuota(name, { clients, region, subject, ownBuckets }) }),
        ),
      );
      const looks = facts.flatMap((fact) => (fact.known ? [fact.value] : []));
      const gaps = facts.flatMap((fact) => (fact.known ? [] : [fact.why]));
      return { name, looks, gap: gaps.join('; ') };
    }),
  );
  const kept = (isSure: boolean): Facts['quotas'] =>
    Object.fromEntries(
      answers
        .filter(({ looks, gap }) => (isSure ? gap === '' : looks.length > 0))
        .map(({ name, looks }): [QuotaName, readonly QuotaLook[]] => [name, looks]),
    );
  return {
    fact: { seen: { known: true, value: kept(false) }, sure: { known: true, value: kept(true) } },
    gaps: Object.fromEntries(answers.flatMap(({ name, gap }) => (gap === '' ? [] : [[name, gap]]))),
  };
}

function isSecretAbsent({ secretHere, secretThere }: Asked['facts'], { regions }: Subject, region: string): boolean {
  const fact = (region === regions[0] ? secretThere : secretHere)?.seen;
  return fact?.known === true && fact.value === 'absent';
}
