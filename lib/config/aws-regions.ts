/** What the program has to know about a region before it may ask the region anything. */
interface RegionFacts {
  /** The account must enable the region first; services in it have regional principals (`sns.<region>.amazonaws.com`). */
  readonly optIn: boolean;
  /** Memory-optimised Aurora PostgreSQL instance families, db.r5 or newer as a global database wants them. */
  readonly auroraFamilies: string;
}

const open = (auroraFamilies: string): RegionFacts => ({ optIn: false, auroraFamilies });
const optIn = (auroraFamilies: string): RegionFacts => ({ optIn: true, auroraFamilies });

/**
 * The commercial regions of AWS. Names: botocore 1.43 `endpoints.json`, partition `aws`. Opt-in: every region that opened
 * after 20 March 2019, except Osaka, which every account has (AWS Account Management, "Enable or disable AWS Regions").
 * Families: cfn-lint 1.51.0, `aws_rds_dbinstance/dbinstanceclass_enum.json`, engine aurora-postgresql.
 */
const AWS_REGIONS: Readonly<Record<string, RegionFacts>> = {
  'af-south-1': optIn('r5 r6g r6i r7g'),
  'ap-east-1': optIn('r5 r6g r6i r7g r8g'),
  'ap-east-2': optIn('r6g r6gd r6i r6id r7g r7i'),
  'ap-northeast-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g r8gd'),
  'ap-northeast-2': open('r5 r6g r6gd r6i r6id r7g r7i r8g'),
  'ap-northeast-3': open('r5 r6g r6i r7g r7i r8g'),
  'ap-south-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g'),
  'ap-south-2': optIn('r5 r6g r6i r7g r7i'),
  'ap-southeast-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g'),
  'ap-southeast-2': open('r5 r6g r6gd r6i r6id r7g r7i r8g'),
  'ap-southeast-3': optIn('r5 r6g r6i r7g r7i r8g r8gd'),
  'ap-southeast-4': optIn('r5 r6g r6i r7i'),
  'ap-southeast-5': optIn('r6g r6gd r6i r6id r7g r7i'),
  'ap-southeast-6': optIn('r6g r6gd r6i r6id r7g r7i'),
  'ap-southeast-7': optIn('r6g r6gd r6i r6id r7g r7i'),
  'ca-central-1': open('r5 r6g r6gd r6i r7g r7i r8g'),
  'ca-west-1': optIn('r5 r6g r7g'),
  'eu-central-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g r8gd'),
  'eu-central-2': optIn('r5 r6g r6i r7g'),
  'eu-north-1': open('r5 r6g r6gd r6i r7g r7i r8g'),
  'eu-south-1': optIn('r5 r6g r6i r7g r7i'),
  'eu-south-2': optIn('r5 r6g r6i r7g r7i r8g r8gd'),
  'eu-west-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g'),
  'eu-west-2': open('r5 r6g r6gd r6i r6id r7g r7i'),
  'eu-west-3': open('r5 r6g r6gd r6i r7g r7i'),
  'il-central-1': optIn('r5 r7g'),
  'me-central-1': optIn('r5 r6g r6i r7g'),
  'me-south-1': optIn('r5 r6g r6i r7g'),
  'mx-central-1': optIn('r6g r6gd r6i r6id r7g r7i'),
  'sa-east-1': open('r5 r6g r6gd r6i r7g r7i'),
  'us-east-1': open('r5 r6g r6gd r6i r6id r7g r7i r8g r8gd'),
  'us-east-2': open('r5 r6g r6gd r6i r6id r7g r7i r8g r8gd'),
  'us-west-1': open('r5 r6g r6gd r6i r7g r7i r8g'),
  'us-west-2': open('r5 r6g r6gd r6i r6id r7g r7i r8g r8gd'),
};

/** Is this the name of a commercial AWS region? */
export function isAwsRegion(name: string): boolean {
  return Object.hasOwn(AWS_REGIONS, name);
}

/** Must an account enable this region before it can be used? Unknown names are not opt-in. */
export function isOptInRegion(name: string): boolean {
  return isAwsRegion(name) && AWS_REGIONS[name]?.optIn === true;
}

/** The Aurora PostgreSQL instance families of a region, for example `r7g`; none for an unknown name. */
export function auroraFamilies(name: string): readonly string[] {
  return isAwsRegion(name) ? (AWS_REGIONS[name]?.auroraFamilies.split(' ') ?? []) : [];
}
