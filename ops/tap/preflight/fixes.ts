import { type Facts, QUOTAS } from '../../../analysis/readiness/readiness';
import { ALWAYS_ENABLED } from './account';
import { QUOTA_ROWS } from './quotas';
import type { Subject } from './subject';

/**
 * The remedy of a check as it is typed for this stack, where more can be said than the list says.
 *
 * @returns undefined where the list's own words are enough.
 */
export function fixFor(id: string, subject: Subject, quotas: Facts['quotas']): string | undefined {
  const [primary, dr] = subject.regions;
  switch (id) {
    case 'secret-present':
      return (
        `in ${primary}: aws secretsmanager create-secret --region ${primary} --name ${subject.secretName} ` +
        `--secret-string '{"username":"...","password":"..."}'; then for ${dr}: aws secretsmanager ` +
        `replicate-secret-to-regions --region ${primary} --secret-id ${subject.secretName} --add-replica-regions Region=${dr}`
      );
    case 'hosted-zone-present':
      return `aws route53 create-hosted-zone --name ${subject.domain} --caller-reference ${subject.domain}, or set domain`;
    default:
      return quotaFix(id, subject, quotas);
  }
}

/** The request for as much as the stack needs. */
function quotaFix(id: string, { policy: { demands } }: Subject, quotas: Facts['quotas']): string | undefined {
  const name = QUOTAS.find((one) => id === `quota-${one}`);
  const code = name && QUOTA_ROWS[name].code;
  if (name === undefined || code === undefined) return undefined;
  const requests = (quotas[name] ?? []).flatMap(({ region, limit, used }) => {
    const needed = used + (demands[name]?.[region] ?? 0);
    if (needed <= limit) return [];
    return [
      `aws service-quotas request-service-quota-increase --region ${region === 'global' ? ALWAYS_ENABLED : region} ` +
        `--service-code ${code[0]} --quota-code ${code[1]} --desired-value ${needed}`,
    ];
  });
  return requests.length === 0 ? undefined : `${requests.join('; ')}; or destroy stacks that nobody uses`;
}
