import { READ } from './line';

export const EC2_SOURCE = `EC2 on demand, Linux, us-east-1, of AWS's price list of 2026-01-19, kept in github.com/aws/karpenter-provider-aws (zz_generated.pricing_aws.go), ${READ}`;

/** USD an hour of size `large` in us-east-1, by family: the Graviton types that a fleet may have (lib/config). */
export const EC2_US_EAST_1: Readonly<Record<string, number>> = {
  t4g: 0.0672,
  c6g: 0.068,
  c6gd: 0.0768,
  c6gn: 0.0864,
  c7g: 0.0725,
  c7gd: 0.0907,
  c7gn: 0.1248,
  c8g: 0.07976,
  c8gd: 0.09798,
  c8gn: 0.1185,
  m6g: 0.077,
  m6gd: 0.0904,
  m7g: 0.0816,
  m7gd: 0.1068,
  m8g: 0.08976,
  m8gd: 0.11532,
  m8gn: 0.1455,
  r6g: 0.1008,
  r6gd: 0.1152,
  r7g: 0.1071,
  r7gd: 0.1361,
  r8g: 0.11782,
  r8gd: 0.14696,
  r8gn: 0.1822,
};
