import { aws, READ, same, usd } from './line';
import type { PriceLine } from './line';

const CLOUDWATCH = (line: string): string => aws('cloudwatch.json', '33830cd', line);

/** What watches and names: Route 53, CloudWatch, canaries, logs, traces. */
export const WATCHING_PRICES = {
  'route53.zone': {
    per: 'zone-month',
    usd: same(0.5),
    basis: 'listed',
    source: aws('route53.json', '33830cd', 'DNS Zone first 25'),
  },
  'route53.query': {
    per: 'million queries',
    usd: same(0.4),
    basis: 'listed',
    source: aws('route53.json', '33830cd', 'Query Standard External first 1B'),
  },
  'route53.check': {
    per: 'check-month',
    usd: same(0.5),
    basis: 'listed',
    source: `${aws('route53.json', '33830cd', 'Basic Health checks AWS')}; the first 50 of an account are free and not deducted`,
  },
  'route53.check.feature': {
    per: 'option-month',
    usd: same(1),
    basis: 'listed',
    source: aws('route53.json', '33830cd', 'Optional Health Check Features AWS'),
  },
  'route53.check.outside': {
    per: 'check-month',
    usd: same(0.75),
    basis: 'listed',
    source: aws('route53.json', '33830cd', 'Basic Health checks External Non AWS'),
  },
  'route53.check.outside.feature': {
    per: 'option-month',
    usd: same(2),
    basis: 'listed',
    source: aws('route53.json', '33830cd', 'Optional Health Check Features External Non AWS'),
  },
  'cloudwatch.alarm': {
    per: 'metric-month of an alarm',
    usd: same(0.1),
    basis: 'listed',
    source: CLOUDWATCH('Alarm Standard'),
  },
  'cloudwatch.alarm.fast': {
    per: 'metric-month of an alarm',
    usd: same(0.3),
    basis: 'listed',
    source: CLOUDWATCH('Alarm High Resolution'),
  },
  'cloudwatch.alarm.composite': {
    per: 'alarm-month',
    usd: same(0.5),
    basis: 'assumed',
    source: 'aws.amazon.com/cloudwatch/pricing, own knowledge, not confirmed',
  },
  'cloudwatch.metric': {
    per: 'metric-month',
    usd: same(0.3),
    basis: 'listed',
    source: `aws.amazon.com/cloudwatch/pricing, first 10,000, as quoted by third parties, ${READ}`,
  },
  'cloudwatch.request': {
    per: 'thousand requests',
    usd: same(0.01),
    basis: 'listed',
    source: CLOUDWATCH('API Request'),
  },
  'cloudwatch.dashboard': {
    per: 'dashboard-month',
    usd: same(3),
    basis: 'listed',
    source: `aws.amazon.com/cloudwatch/pricing as quoted by third parties in June 2026, ${READ}`,
  },
  'cloudwatch.canary': {
    per: 'run',
    usd: usd(0.0016, 0.0018, 0.0014, 0.0012),
    basis: 'listed',
    source: CLOUDWATCH('Canaries per Runs'),
  },
  'logs.ingest': {
    per: 'GB',
    usd: usd(0.63, 0.69, 0.57, 0.5),
    basis: 'derived',
    source: `${CLOUDWATCH('IA Custom ingested Logs from 0 upto Inf')}, doubled: the infrequent class costs half`,
  },
  'logs.store': {
    per: 'GB-month',
    usd: usd(0.0324, 0.0356, 0.03, 0.03),
    basis: 'listed',
    source: CLOUDWATCH('Stored Data'),
  },
  'logs.deliver': {
    per: 'GB to S3',
    usd: usd(0.285, 0.314, 0.285, 0.25),
    basis: 'listed',
    source: CLOUDWATCH('Delivered Logs for first 10TB'),
  },
  'xray.trace': {
    per: 'million traces',
    usd: same(5),
    basis: 'assumed',
    source: 'aws.amazon.com/xray/pricing, own knowledge; the first 100,000 of a month are free and not deducted',
  },
} as const satisfies Readonly<Record<string, PriceLine>>;
