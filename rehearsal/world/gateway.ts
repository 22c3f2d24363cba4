import { NotModelledError } from '../aws/service';
import { TROUBLE_ERRORS } from '../faults/conditions';
import { endpointOf } from '../wire/endpoint';
import { PROTOCOLS } from '../wire/protocols';
import type { Conditions } from '../faults/conditions';
import type { VirtualClock } from '../kernel/clock';
import type { AuthoritativeServers } from '../network/resolver-authoritative';
import type { Resolver } from '../network/resolver';
import type { Answer, Call, Caller, Need, Service, ServiceName } from '../aws/service';
import type { MetricDatum } from '../aws/ports';
import type { Container } from '../runtime/container';
import type { DatabaseSocket, Outside } from '../runtime/ports';
import type { Endpoints } from './endpoints';
import { readEmf } from './emf-lines';

/** What stands behind the handlers' network. */
export interface GatewayParts {
  readonly clock: VirtualClock;
  readonly conditions: Conditions;
  readonly services: Readonly<Record<ServiceName, Service>>;
  readonly endpoints: Endpoints;
  readonly nameServers: AuthoritativeServers;
  /** The resolver of a region's VPCs and functions. */
  readonly resolver: (region: string) => Resolver;
  readonly socket: (from: Container) => DatabaseSocket;
  readonly put: (region: string, datum: MetricDatum) => void;
  /** The reason why a caller may not do something; undefined when it may. */
  readonly denied: (caller: Caller, needs: readonly Need[]) => string | undefined;
  readonly onCall: (call: Call, answer: Answer | 'no answer') => void;
  readonly onLog: (from: Container, line: string) => void;
}

/** TCP and TLS 1.3 take one round trip each before the request itself leaves. */
const HANDSHAKE_ROUND_TRIPS = 2;

/** Where everything that a handler sends leaves its execution environment, and where the answers come back. */
export class Gateway implements Outside {
  calls = 0;

  constructor(private readonly parts: GatewayParts) {}

  call: Outside['call'] = (from, request, connection, done) => {
    const { clock } = this.parts;
    const { service, region } = endpointOf(request.hostname);
    this.calls += 1;
    this.travel(
      from.region,
      region,
      connection,
      () => done('refused'),
      () => {
        const { operation, input } = PROTOCOLS[service].decode(request);
        const caller = { principal: from.role, from: from.region, name: from.name };
        this.arrive({ region, service, operation, input, caller }, (answer) => {
          const back = this.parts.conditions.pass(region, from.region);
          if (back.kind !== 'passes') return;
          clock.after(back.ms, () => done(PROTOCOLS[service].encode(operation, answer)));
        });
      },
    );
  };

  web: Outside['web'] = (from, { url, method, body }, connection, done) => {
    const { clock, endpoints, resolver } = this.parts;
    const address = resolver(from.region).resolve(url.host)?.[0];
    if (address === undefined) {
      clock.after(0, () => done({ kind: 'failed', code: 'ENOTFOUND' }));
      return;
    }
    const to = endpoints.placeOf(address);
    const refused = (): void => done({ kind: 'failed', code: 'ECONNREFUSED' });
    this.travel(from.region, to, connection, refused, () => {
      const request = { method, host: url.host, path: url.pathname, ...(body !== undefined && { body }) };
      endpoints.arrive(address, request, (answer) => {
        const back = this.parts.conditions.pass(to, from.region);
        if (back.kind === 'passes') clock.after(back.ms, () => done({ kind: 'answered', answer }));
      });
    });
  };

  /** Of records only the zone's own name servers are asked, of hosts only the region's resolver: nothing else is modelled. */
  dns: Outside['dns'] = (from, { kind, name, server }, done) => {
    const { clock, conditions, nameServers } = this.parts;
    if ((kind === 'A') !== (server === undefined)) {
      throw new NotModelledError(`dns: a question for ${kind} records of ${name} at ${server ?? 'the own resolver'}`);
    }
    // Where nobody listens, nobody answers.
    if (server !== undefined && !nameServers.isServer(server)) return;
    const there = conditions.pass(from.region, 'outside');
    const back = conditions.pass('outside', from.region);
    if (there.kind !== 'passes' || back.kind !== 'passes') return;
    clock.after(there.ms + back.ms, () => {
      done(kind === 'A' ? nameServers.addressesOf(name) : nameServers.authoritative(name));
    });
  };

  socket = (from: Container): DatabaseSocket => this.parts.socket(from);

  log = (from: Container, line: string): void => {
    const data = readEmf(line);
    if (data === undefined) this.parts.onLog(from, line);
    else for (const datum of data) this.parts.put(from.region, datum);
  };

  /** The way there, with its handshake where no connection was kept; a half-open path never gets through one. */
  private travel(
    from: string,
    to: string,
    { kept, connected }: { readonly kept: boolean; readonly connected: () => void },
    refused: () => void,
    arrive: () => void,
  ): void {
    const { clock, conditions } = this.parts;
    const there = conditions.pass(from, to);
    if (there.kind === 'lost') return;
    if (there.kind === 'refused') {
      clock.after(there.ms, refused);
      return;
    }
    if (kept) {
      clock.after(there.ms, arrive);
      return;
    }
    const back = conditions.pass(to, from);
    if (back.kind !== 'passes') return;
    clock.after(HANDSHAKE_ROUND_TRIPS * (there.ms + back.ms) + there.ms, () => {
      connected();
      arrive();
    });
  }

  /** A call at its service: trouble first, then the caller's rights, then the service itself. */
  private arrive(call: Call, reply: (answer: Answer) => void): void {
    const { services, conditions, denied, onCall } = this.parts;
    const service = services[call.service];
    const trouble = conditions.troubleOf(call);
    const finish = (answer: Answer): void => {
      onCall(call, answer);
      reply(answer);
    };
    if (trouble === 'throttled' || trouble === 'unavailable') {
      finish({ ok: false, error: TROUBLE_ERRORS[trouble] });
      return;
    }
    if (trouble === 'silent') {
      onCall(call, 'no answer');
      return;
    }
    const why = denied(call.caller, service.needs(call));
    if (why !== undefined) {
      finish({ ok: false, error: { code: 'AccessDeniedException', message: why, status: 400 } });
      return;
    }
    service.handle(call, trouble === 'done-silently' ? () => onCall(call, 'no answer') : finish);
  }
}
