import type { DnsRecord, RecordGroup } from './records';

/**
 * The record of a group that Route 53 answers with (Route 53 API reference, ResourceRecordSet, Failover): primary when it is
 * healthy; secondary when only that one is; and primary again when both are unhealthy.
 */
export function chosen({ records, type, name }: RecordGroup, isHealthy: (record: DnsRecord) => boolean): DnsRecord {
  const [first, second] = records;
  if (first && !second) return first;
  const primary = records.find(({ role }) => role === 'PRIMARY');
  const secondary = records.find(({ role }) => role === 'SECONDARY');
  if (!primary || !secondary) throw new Error(`${type} ${name} is neither simple nor a failover pair`);
  return isHealthy(primary) || !isHealthy(secondary) ? primary : secondary;
}
