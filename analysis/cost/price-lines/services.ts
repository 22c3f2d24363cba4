import { aws, READ, same, usd, ZURICH_IS } from './line';
import type { PriceLine } from './line';

const LAMBDA = (line: string): string => aws('lambda.json', '33830cd', line);

/** What serves requests: network, load balancer, instances' disks, functions, API, queues. */
export const SERVICE_PRICES = {
  'nat.hour': {
    per: 'gateway-hour',
    usd: usd(0.052, 0.059, 0.048, 0.045),
    basis: 'listed',
    source: `aws.amazon.com/vpc/pricing as quoted by third parties in September 2026, ${READ}`,
    except: {
      'eu-central-2': ['derived', 'the price of a GB (0.059, listed): hour and GB cost the same in every region'],
      'eu-west-1': ['assumed', 'own knowledge; no stack file has a NAT gateway there'],
    },
  },
  'nat.gb': {
    per: 'GB',
    usd: usd(0.052, 0.059, 0.048, 0.045),
    basis: 'listed',
    source: `aws.amazon.com/vpc/pricing as quoted by third parties in September 2026, ${READ}`,
    except: { 'eu-west-1': ['assumed', 'own knowledge; no stack file has a NAT gateway there'] },
  },
  'endpoint.hour': {
    per: 'zone-hour of an interface endpoint',
    usd: usd(0.012, 0.0132, 0.011, 0.01),
    basis: 'listed',
    source: `aws.amazon.com/privatelink/pricing as quoted by third parties in September 2026, ${READ}`,
    except: {
      'eu-central-2': ['derived', ZURICH_IS],
      'eu-west-1': ['assumed', "London's price; no stack file has an endpoint there"],
    },
  },
  'ipv4.hour': {
    per: 'address-hour',
    usd: same(0.005),
    basis: 'listed',
    source: aws('vpc.json', '33830cd', 'Hourly charge for In use Public IPv4 Addresses'),
  },
  'alb.hour': {
    per: 'load-balancer-hour',
    usd: usd(0.027, 0.0297, 0.0252, 0.0225),
    basis: 'listed',
    source: aws('elb.json', '33830cd', 'Application Load Balancer Hours'),
  },
  'alb.lcu': {
    per: 'LCU-hour',
    usd: usd(0.008, 0.0088, 0.008, 0.008),
    basis: 'listed',
    source: aws('elb.json', '33830cd', 'Application Load Balancer LCU Hours'),
  },
  'ebs.gp3': {
    per: 'GB-month',
    usd: usd(0.096, 0.1056, 0.088, 0.08),
    basis: 'derived',
    source: `0.08 of us-east-1 (aws.amazon.com/ebs/pricing) times the region's ratio of load-balancer hours, ${READ}`,
    except: { 'eu-west-1': ['assumed', `as quoted by a third party, ${READ}`] },
  },
  'lambda.request': {
    per: 'million requests',
    usd: usd(0.2, 0.22, 0.2, 0.2),
    basis: 'listed',
    source: LAMBDA('Lambda Requests'),
  },
  'lambda.x86_64': {
    per: 'GB-second',
    usd: usd(0.0000166667, 0.0000183334, 0.0000166667, 0.0000166667),
    basis: 'listed',
    source: LAMBDA('Lambda Duration'),
    except: { 'eu-central-2': ['derived', "1.1 times Frankfurt's, as in every other line of Lambda"] },
  },
  'lambda.arm64': {
    per: 'GB-second',
    usd: usd(0.0000133334, 0.0000146667, 0.0000133334, 0.0000133334),
    basis: 'listed',
    source: LAMBDA('Lambda Duration-ARM'),
  },
  'lambda.provisioned.x86_64': {
    per: 'GB-second kept warm',
    usd: usd(0.0000050147, 0.0000055162, 0.000004646, 0.0000041667),
    basis: 'listed',
    source: LAMBDA('Lambda Provisioned-Concurrency'),
  },
  'lambda.provisioned.arm64': {
    per: 'GB-second kept warm',
    usd: usd(0.0000040118, 0.000004413, 0.0000037168, 0.0000033334),
    basis: 'listed',
    source: LAMBDA('Lambda Provisioned-Concurrency-ARM'),
  },
  'apigateway.request': {
    per: 'million requests',
    usd: usd(3.7, 4.07, 3.5, 3.5),
    basis: 'listed',
    source: aws('apigateway.json', '33830cd', 'API Calls Number of up to 333 million'),
  },
  'sqs.request': {
    per: 'million requests',
    usd: usd(0.4, 0.44, 0.4, 0.4),
    basis: 'listed',
    source: aws('queueservice.json', '33830cd', 'Standard per Requests'),
  },
  'sns.email': {
    per: 'thousand e-mails',
    usd: same(0.02),
    basis: 'assumed',
    source: 'aws.amazon.com/sns/pricing, 2 USD for 100,000, own knowledge; publishing itself is free below a million',
  },
} as const satisfies Readonly<Record<string, PriceLine>>;
