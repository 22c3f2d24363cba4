import type { CapacityChange } from '../aws/autoscaling/autoscaling';
import type { StateChange } from '../aws/cloudwatch/alarm-status';
import type { DeployedFunction } from '../aws/lambda/functions';
import type { PutEvent } from '../aws/eventbridge/event';
import type { InvocationResult } from '../aws/ports';
import type { AnswerChange, HealthChange } from '../aws/route53/route53';
import type { Answer, Call } from '../aws/service';
import type { Container } from '../runtime/container';

/** Whoever watches a run without being part of it: the judge, the timeline, the trace. */
export interface Observer {
  call?(call: Call, answer: Answer | 'no answer'): void;
  log?(from: Container, line: string): void;
  invocation?(deployed: DeployedFunction, result: InvocationResult, event: unknown): void;
  alarm?(change: StateChange): void;
  health?(change: HealthChange): void;
  answer?(change: AnswerChange): void;
  capacity?(change: CapacityChange): void;
  /** An event that a service puts on a region's bus. */
  event?(region: string, event: PutEvent): void;
}

/** Tells every observer of everything. */
export class Observers implements Required<Observer> {
  private readonly all: Observer[] = [];

  add(observer: Observer): void {
    this.all.push(observer);
  }

  call(call: Call, answer: Answer | 'no answer'): void {
    for (const one of this.all) one.call?.(call, answer);
  }

  log(from: Container, line: string): void {
    for (const one of this.all) one.log?.(from, line);
  }

  invocation(deployed: DeployedFunction, result: InvocationResult, event: unknown): void {
    for (const one of this.all) one.invocation?.(deployed, result, event);
  }

  alarm(change: StateChange): void {
    for (const one of this.all) one.alarm?.(change);
  }

  health(change: HealthChange): void {
    for (const one of this.all) one.health?.(change);
  }

  answer(change: AnswerChange): void {
    for (const one of this.all) one.answer?.(change);
  }

  capacity(change: CapacityChange): void {
    for (const one of this.all) one.capacity?.(change);
  }

  event(region: string, event: PutEvent): void {
    for (const one of this.all) one.event?.(region, event);
  }
}
