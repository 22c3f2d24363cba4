import type { ModelledBehaviour } from '../fidelity';

/** What is modelled of EventBridge. */
export const EVENTBRIDGE_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A scheduled rule fires once in each interval of its rate, not on its first second.',
    model: 'simplified',
    how: 'At a moment of its own, drawn for each rule and the same in every interval. Cron expressions end the run.',
    source: 'EventBridge guide, "Creating a rule that runs on a schedule" and "Rate expressions"',
    test: 'fires once in each interval, at its own moment within it',
  },
  {
    behaviour: 'A target is called with a delay of several seconds.',
    model: 'assumed',
    how: '0.05-3 s, drawn each time; the guide gives no number.',
    source: 'EventBridge guide, "Creating a rule that runs on a schedule", note',
    test: 'reaches its target some seconds later',
  },
  {
    behaviour: 'A target gets the constant that it is configured with, or the event.',
    model: 'exact',
    how: 'In the name of events.amazonaws.com with the ARN of the rule. Without retries: queues and topics take what comes.',
    source: 'EventBridge guide, "Scheduled events"; API reference, Target',
    test: 'gives its target the constant that it is configured with, in its own name',
  },
  {
    behaviour: 'A rule matches events of its region by their fields.',
    model: 'simplified',
    how: 'Values, prefix, suffix, wildcard, anything-but, numeric, exists, equals-ignore-case; others end the run.',
    source: 'EventBridge guide, "Event patterns", "Arrays in event patterns", "Comparison operators"',
    test: 'gives its targets each event that it matches, transformed where they ask for it',
  },
  {
    behaviour: 'An input transformer puts values of the event into a template.',
    model: 'simplified',
    how: 'Paths of names and dots; indices, wildcards and predefined variables end the run. Values in texts are not escaped.',
    source: 'EventBridge guide, "Input transformation", table of examples and common issues',
    test: 'fills texts and values, and leaves out what the event does not have',
  },
  {
    behaviour: 'Rules of a lost region do not fire.',
    model: 'assumed',
    how: 'Nothing is made up for when it is back; what was on its way to a target is lost.',
    source: 'AWS documents no such state',
    test: 'does not fire while its region is dark, and makes up for nothing',
  },
];
