import * as acm from '@pulumi/aws/acm';
import * as route53 from '@pulumi/aws/route53';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';
import type { PerRegion, Regions } from '../regions';

/** One certificate per region for all names of the stack. */
export interface CertificatesArgs {
  readonly environmentSuffix: string;
  readonly regions: Regions;
  /** What all names of the stack end in. */
  readonly baseName: string;
  readonly zoneId: pulumi.Input<string>;
}

const VALIDATION_TTL = 60;

/** Certificates that both regions can use without each other; usable once validated. */
export class Certificates extends pulumi.ComponentResource {
  readonly certificateArns: PerRegion<pulumi.Output<string>>;

  constructor(name: string, args: CertificatesArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:routing:Certificates', name, {}, opts);
    const { regions, environmentSuffix, baseName, zoneId } = args;
    const inPrimary = { parent: this, provider: regions.primary.provider };
    const inDr = { parent: this, provider: regions.dr.provider };
    const request: acm.CertificateArgs = {
      domainName: `*.${baseName}`,
      validationMethod: 'DNS',
      tags: { Name: physicalName('tag', 'wildcard', environmentSuffix) },
    };

    const primary = new acm.Certificate(`${name}-primary`, request, inPrimary);
    const dr = new acm.Certificate(`${name}-dr`, request, inDr);

    // One record for both: in one account ACM gives a domain the same token in every region (ACM user guide, DNS
    // validation), so a second record would be the same record, and its deletion would take the first.
    const proof = dr.domainValidationOptions.apply(([option]) => {
      if (option === undefined) throw new Error(`ACM names no validation record for *.${baseName}`);
      return option;
    });
    const record = new route53.Record(
      `${name}-validation`,
      {
        zoneId,
        name: proof.resourceRecordName,
        type: proof.resourceRecordType,
        records: [proof.resourceRecordValue],
        ttl: VALIDATION_TTL,
      },
      inDr,
    );
    const validate = (certificate: acm.Certificate): acm.CertificateValidationArgs => ({
      certificateArn: certificate.arn,
      validationRecordFqdns: [record.fqdn],
    });
    this.certificateArns = {
      primary: new acm.CertificateValidation(`${name}-primary-valid`, validate(primary), inPrimary).certificateArn,
      dr: new acm.CertificateValidation(`${name}-dr-valid`, validate(dr), inDr).certificateArn,
    };
    this.registerOutputs({ certificateArns: this.certificateArns });
  }
}
