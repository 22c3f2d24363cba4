import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import type { MetadataBearer, MiddlewareStack } from '@smithy/types';
import type { Telemetry } from './telemetry';

/** Times one piece of work as an X-Ray subsegment of the running invocation. */
export type Tracing = Pick<Telemetry, 'traced'>;

/** Where a finished subsegment goes; never fails and never waits. */
export type SegmentSink = (document: string) => void;

/** The fields of the trace header that Lambda puts into the environment before each invocation. */
interface TraceHeader {
  readonly root: string;
  readonly parent: string;
}

/** Reads `Root=..;Parent=..;Sampled=1`; undefined when the invocation is not sampled or there is no header. */
export function sampledHeader(header: string | undefined): TraceHeader | undefined {
  const fields = new Map(
    header?.split(';').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  );
  const root = fields.get('Root');
  const parent = fields.get('Parent');
  return root && parent && fields.get('Sampled') === '1' ? { root, parent } : undefined;
}

/**
 * Subsegments by the daemon's own UDP protocol (X-Ray developer guide, "segment documents"). The Powertools tracer would
 * bring aws-xray-sdk-core: 127 kB and 30 ms of cold start in each function, more than the size limit leaves; Lambda's
 * active tracing makes the function's own segment, and the SDK passes the header on to AWS services by itself.
 */
export function createTracing(
  sink: SegmentSink = daemonSink(process.env['AWS_XRAY_DAEMON_ADDRESS']),
  header: () => string | undefined = () => process.env['_X_AMZN_TRACE_ID'],
): Tracing {
  return {
    async traced(name, work) {
      const trace = sampledHeader(header());
      if (!trace) return work();
      const started = Date.now();
      let fault = false;
      try {
        return await work();
      } catch (error) {
        fault = true;
        throw error;
      } finally {
        sink(
          JSON.stringify({
            type: 'subsegment',
            name,
            id: randomBytes(8).toString('hex'),
            trace_id: trace.root,
            parent_id: trace.parent,
            start_time: started / 1_000,
            end_time: Date.now() / 1_000,
            namespace: 'remote',
            fault,
          }),
        );
      }
    },
  };
}

/** Sends to the daemon beside the function; a lost datagram loses one subsegment and nothing else. */
function daemonSink(address: string | undefined): SegmentSink {
  const [host, port] = address?.split(':') ?? [];
  if (!host || !port) return () => undefined;
  const socket = createSocket('udp4').on('error', () => undefined);
  socket.unref();
  return (document) => {
    socket.send(`{"format":"json","version":1}\n${document}`, Number(port), host, () => undefined);
  };
}

/** The part of an AWS client that tracing touches: one middleware around each call with all its attempts. */
interface TraceableClient<Input extends object, Output extends MetadataBearer> {
  readonly middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'>;
}

/** Makes each call of an AWS client a subsegment, named after the client and the command; answers with the client. */
export function tracedClient<
  Input extends object,
  Output extends MetadataBearer,
  C extends TraceableClient<Input, Output>,
>(client: C & TraceableClient<Input, Output>, tracing: Tracing): C {
  client.middlewareStack.add(
    (next, context) => (args) =>
      tracing.traced(`${context.clientName ?? 'AWS'}.${context.commandName ?? 'call'}`, () => next(args)),
    { step: 'initialize', name: 'tracedClient', override: true },
  );
  return client;
}
