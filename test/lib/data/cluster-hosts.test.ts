import { clusterHosts } from '../../../lib/data/cluster-hosts';

const READER = 'aurora-dr.cluster-ro-c7tj4example.eu-central-2.rds.amazonaws.com';
const WRITER = 'aurora-dr.cluster-c7tj4example.eu-central-2.rds.amazonaws.com';
const instanceIdentifiers = ['aurora-1-dev', 'aurora-2-dev'];

test.each([
  ['a cluster that follows, whose description has no writer’s name', ''],
  ['the same after a refresh, where the provider has dropped it', undefined],
  ['a writer', WRITER],
])('%s: all names follow from the one of the reader, so that a change of roles changes none', (_, endpoint) => {
  expect(clusterHosts({ endpoint, readerEndpoint: READER, instanceIdentifiers })).toEqual({
    writer: WRITER,
    reader: READER,
    instances: [
      'aurora-1-dev.c7tj4example.eu-central-2.rds.amazonaws.com',
      'aurora-2-dev.c7tj4example.eu-central-2.rds.amazonaws.com',
    ],
  });
});

test('names of another form, as emulators give them, are taken as they are', () => {
  const named = { endpoint: 'localhost', readerEndpoint: 'localhost', instanceIdentifiers };
  expect(clusterHosts(named)).toEqual({ writer: 'localhost', reader: 'localhost', instances: [] });
});
