import * as cloudwatch from '@pulumi/aws/cloudwatch';
import * as lambda from '@pulumi/aws/lambda';
import * as pulumi from '@pulumi/pulumi';
import { physicalName } from '../naming';

/**
 * Time-out of a function that a minutely schedule calls and that ticks several times within the minute: it ends by itself after
 * 55 s, and what is left is for its last tick.
 */
export const TICKING_SECONDS = 65;

/** When a function is called: on a schedule, or for events that match a pattern. */
export type TriggerRule =
  { readonly scheduleExpression: string; readonly input?: string } | { readonly eventPattern: pulumi.Input<string> };

/** An EventBridge rule that calls one function of its own region. */
export interface FunctionTriggerArgs {
  readonly environmentSuffix: string;
  /** The rule's name in the requirements' words. */
  readonly ruleName: string;
  readonly description: string;
  readonly functionName: pulumi.Input<string>;
  readonly functionArn: pulumi.Input<string>;
  readonly rule: TriggerRule;
}

/** A rule, its target and the permission, which only work together. */
export class FunctionTrigger extends pulumi.ComponentResource {
  /** What must exist before an event counts on being delivered, and outlive it. */
  readonly delivery: readonly pulumi.Resource[];

  constructor(name: string, args: FunctionTriggerArgs, opts?: pulumi.ComponentResourceOptions) {
    super('tap:services:FunctionTrigger', name, {}, opts);
    const { rule: when } = args;
    const inside = { parent: this };
    const scheduled = 'scheduleExpression' in when;

    const rule = new cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: physicalName('EventBridge rule', args.ruleName, args.environmentSuffix),
        description: args.description,
        ...(scheduled ? { scheduleExpression: when.scheduleExpression } : { eventPattern: when.eventPattern }),
      },
      inside,
    );
    const permission = new lambda.Permission(
      `${name}-permission`,
      {
        action: 'lambda:InvokeFunction',
        function: args.functionName,
        principal: 'events.amazonaws.com',
        sourceArn: rule.arn,
      },
      inside,
    );
    const target = new cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        arn: args.functionArn,
        ...(scheduled && when.input !== undefined && { input: when.input }),
        // A late tick is worth nothing, the next one comes anyway; a late event still says what changed.
        ...(scheduled && { retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 } }),
      },
      // Without the permission a first event would be dropped.
      { ...inside, dependsOn: permission },
    );
    this.delivery = [rule, permission, target];
    this.registerOutputs({ ruleArn: rule.arn });
  }
}
