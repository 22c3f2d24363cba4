import { Certificates } from '../../../lib/routing/certificates';
import { HostedZone } from '../../../lib/routing/hosted-zone';
import { evaluate, text } from '../../support/evaluate';
import type { Graph } from '../../support/evaluate';
import { reachBoth } from '../services/two-regions';

const evaluateZone = (hostedZone: 'existing' | 'delegated'): Promise<Graph> =>
  evaluate(() => {
    const regions = reachBoth();
    const zone = new HostedZone(
      'zone',
      { environmentSuffix: 'test', domain: 'example.com', baseName: 'test.example.com', hostedZone },
      { provider: regions.dr.provider },
    );
    const { zoneId } = zone;
    const certificates = new Certificates('tls', {
      environmentSuffix: 'test',
      regions,
      baseName: 'test.example.com',
      zoneId,
    });
    return { arns: certificates.certificateArns };
  });

let existing: Graph;
let delegated: Graph;
beforeAll(async () => {
  existing = await evaluateZone('existing');
  delegated = await evaluateZone('delegated');
});

const RECORD = 'aws:route53/record:Record';
const CERTIFICATE = 'aws:acm/certificate:Certificate';
const VALIDATION = 'aws:acm/certificateValidation:CertificateValidation';

const providerOf = (graph: Graph, type: string, name: string) => graph.one(type, name).provider?.split('::').at(-1);

test('an existing zone is looked up as public, through dr, and nothing is created for it', () => {
  expect(existing.invokes).toMatchObject([
    { token: 'aws:route53/getZone:getZone', args: { name: 'example.com', privateZone: false }, region: 'eu-central-2' },
  ]);
  expect(existing.all('aws:route53/zone:Zone')).toEqual([]);
  expect(existing.one(RECORD, 'tls-validation').inputs['zoneId']).toBe('ZEXISTING');
});

test('a delegated zone goes with everything in it, and its name servers stand in the parent zone', () => {
  const zone = delegated.one('aws:route53/zone:Zone', 'zone-zone');
  expect(zone.inputs).toMatchObject({ name: 'test.example.com', forceDestroy: true });
  expect(delegated.one(RECORD, 'zone-delegation').inputs).toMatchObject({
    zoneId: 'ZEXISTING',
    name: 'test.example.com',
    type: 'NS',
    records: zone.outputs['nameServers'],
  });
  expect(delegated.one(RECORD, 'tls-validation').inputs['zoneId']).toBe(zone.outputs['zoneId']);
});

test('nothing is written into a delegated zone before its delegation, or resolvers would remember that it is missing', () => {
  const record = delegated.one(RECORD, 'tls-validation');
  expect(delegated.dependsOn(record, delegated.one(RECORD, 'zone-delegation'))).toBe(true);
});

test('Route 53 is administered through dr only, so that leaving primary never needs primary', () => {
  const route53 = delegated.created.filter(({ type }) => type.startsWith('aws:route53/'));
  expect(route53.map(({ name, provider }) => [name, provider?.split('::').at(-1)])).toEqual([
    ['zone-zone', 'dr'],
    ['zone-delegation', 'dr'],
    ['tls-validation', 'dr'],
  ]);
});

test('each region has its own certificate for all names of the stack', () => {
  for (const role of ['primary', 'dr']) {
    expect(existing.one(CERTIFICATE, `tls-${role}`).inputs).toMatchObject({
      domainName: '*.test.example.com',
      validationMethod: 'DNS',
      tags: { Name: 'wildcard-test' },
    });
    expect(providerOf(existing, CERTIFICATE, `tls-${role}`)).toBe(role);
    expect(providerOf(existing, VALIDATION, `tls-${role}-valid`)).toBe(role);
  }
});

test('one validation record serves both: the token is the same in every region, and a second record would conflict', () => {
  const records = existing.all(RECORD);
  expect(records.map(({ name }) => name)).toEqual(['tls-validation']);
  for (const role of ['primary', 'dr']) {
    const options = existing.one(CERTIFICATE, `tls-${role}`).outputs['domainValidationOptions'];
    const { name, type } = existing.one(RECORD, 'tls-validation').inputs;
    expect(options).toMatchObject([{ resourceRecordName: name, resourceRecordType: type }]);
    const validation = existing.one(VALIDATION, `tls-${role}-valid`);
    expect(validation.inputs['certificateArn']).toBe(existing.one(CERTIFICATE, `tls-${role}`).outputs['arn']);
    expect(validation.inputs['validationRecordFqdns']).toEqual([
      text(existing.one(RECORD, 'tls-validation').inputs, 'name').replace(/\.$/, ''),
    ]);
  }
});

test('what is handed on is the validated certificate, so that nobody attaches one that is still pending', () => {
  const arns = existing.outputs['arns'];
  expect(arns).toEqual({
    primary: existing.one(CERTIFICATE, 'tls-primary').outputs['arn'],
    dr: existing.one(CERTIFICATE, 'tls-dr').outputs['arn'],
  });
});
