import type { ModelledBehaviour } from '../fidelity';

/** What is modelled of CloudWatch. */
export const CLOUDWATCH_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'An alarm judges the newest real points first and fills up with what missing data stand for.',
    model: 'exact',
    how: 'The rules of analysis/alarms, over two points beyond the periods; with a period below a minute over up to 120 s.',
    source: 'CloudWatch guide, "Configuring how CloudWatch alarms treat missing data", both tables',
    test: 'points beyond the periods decide before missing data do, and every setting fills the rest in its own way',
  },
  {
    behaviour: 'An alarm with a period below a minute is evaluated every 10 s, any other every minute.',
    model: 'exact',
    how: 'At a moment of its own within the interval, drawn for each alarm. Without data in reach it rests.',
    source: 'CloudWatch guide, "Alarm evaluation"',
    test: 'every 10 s with a period below a minute, every minute with a longer one',
  },
  {
    behaviour: 'The window of an alarm slides, and ends at the last whole minute.',
    model: 'exact',
    how: 'Periods end at the whole minute before the evaluation.',
    source:
      'CloudWatch guide, "Alarm evaluation window"; reasonData of the example in "Invoke a Lambda function from an alarm"',
    test: 'a period of a minute ends with the minute: asked at 12:31:29.591, the newest point is that of 12:30',
  },
  {
    behaviour: 'Where the periods of an alarm below a minute end is not documented.',
    model: 'assumed',
    how: 'At the second, or at the tenth second, before the evaluation; one of both is drawn for a run.',
    source: 'API reference, GetMetricStatistics, StartTime, for the tenth second; nothing for alarms',
    test: 'periods of ten seconds end at the evaluation, or at the tenth second before it: both are possible',
  },
  {
    behaviour: 'A value can be seen by alarms some seconds after it was put.',
    model: 'assumed',
    how: '0.5-4 s after PutMetricData, 1.5-8 s in the embedded format, 5-60 s for metrics of AWS; drawn for each value.',
    source: 'AWS re:Post: "a few seconds delay for the data to become available to the alarm"; no numbers',
    test: 'a value counts once alarms can see it, by the time that it carries',
  },
  {
    behaviour: 'Metrics of standard resolution are kept by the minute, those of high resolution by the second.',
    model: 'exact',
    how: 'The time of a value is cut to its minute or second.',
    source: 'CloudWatch guide, "High-resolution metrics"; API reference, PutMetricAlarm, Period',
    test: 'a metric of standard resolution is kept by the minute, whatever the second of its values',
  },
  {
    behaviour: 'A composite alarm is red exactly while its rule holds, and actions happen on changes only.',
    model: 'exact',
    how: 'Evaluated 0.1-5 s after each change of an alarm below it (assumed). AT_LEAST is refused.',
    source: 'CloudWatch guide, "Combining alarms"',
    test: 'is red exactly while its rule holds, and acts on changes only',
  },
  {
    behaviour: 'A suppressor holds the actions of a composite back, with a wait and an extension period.',
    model: 'exact',
    how: 'The rules of analysis/alarms with timers for the ends of both periods.',
    source: 'CloudWatch guide, "Suppressing composite alarm actions", examples 1 to 6',
    test: 'acts after the wait, not while suppressed, and after the extension',
  },
  {
    behaviour: 'An alarm invokes a function asynchronously with an event that says what changed.',
    model: 'simplified',
    how: '0.1-5 s after the change (assumed); without reasonData. What falls due in a lost region is done when it is back.',
    source: 'CloudWatch guide, "Invoke a Lambda function from an alarm"',
    test: 'a function gets the event of a composite alarm as documented, from the alarm service',
  },
  {
    behaviour: 'An alarm publishes to a topic what changed, as JSON.',
    model: 'simplified',
    how: 'Without the copy of its settings; the region is its code and not its name.',
    source: 'CloudWatch guide, "Notifying users on alarm changes"',
    test: 'a topic gets what has changed as JSON, from CloudWatch',
  },
  {
    behaviour:
      'PutMetricData refuses values that are no numbers or too far from now, and needs the permission for its namespace.',
    model: 'simplified',
    how: 'Single values and values with counts; statistic sets and entities end the run. Limits of size are not checked.',
    source: 'API reference, PutMetricData; service authorization reference, Amazon CloudWatch',
    test: 'needs the permission for its namespace',
  },
  {
    behaviour:
      'DescribeAlarms describes composite alarms only to a caller that asks for their type and may see everything.',
    model: 'simplified',
    how: 'Names, types and state; prefixes, parents, children and pages end the run. Identity, state and actions of each alarm.',
    source: 'API reference, DescribeAlarms',
    test: 'describes composites only to who asks for their type',
  },
  {
    behaviour: 'The stack has run well before the run begins.',
    model: 'assumed',
    how: 'Alarms begin OK, and a period before the beginning counts as good where no data say otherwise.',
    source: 'CloudWatch guide, missing data: points from before an alarm was created are retrieved',
    test: 'a stack that has run before the run does not take its own beginning for silence',
  },
  {
    behaviour: 'Alarms of a lost region neither evaluate nor act.',
    model: 'assumed',
    how: 'They go on from where they stood when the region is back; values put meanwhile are lost.',
    source: 'AWS documents no such state',
    test: 'neither evaluates nor acts, and goes on from where it stood when it is back',
  },
  {
    behaviour: 'An alarm is described with its actions, and whether they are enabled.',
    model: 'simplified',
    how: 'Those of the ALARM state, from the graph.',
    source: 'API reference, MetricAlarm and CompositeAlarm',
    test: 'CloudWatch says whom an alarm calls, and whether it does',
  },
];
