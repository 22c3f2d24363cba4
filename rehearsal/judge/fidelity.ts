import type { ModelledBehaviour } from '../aws/fidelity';
import { GOOD_WITHIN_MS } from './fates';

const OURS = 'This project’s own definition';
const CLIENT = 'An ordinary client’s settings: nobody prescribes them';

/** The clients of a run: what they do decides what a figure of a run means. */
export const CLIENTS_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A client waits a while for an answer and tries again, until it gives up.',
    model: 'assumed',
    how: '5 s for an answer; pauses of half to all of 1, 2, 4 and then 5 s; ten minutes.',
    source: CLIENT,
    test: 'waits 5 s for an answer, tries again after pauses of up to 5 s, and gives up after ten minutes',
  },
  {
    behaviour: 'An order has one id, whatever happens to its attempts.',
    model: 'exact',
    how: 'The same body each time, through the platform’s own name and one of five resolvers that honour the TTL.',
    source: 'The API’s contract',
    test: 'sends the same submission in each attempt, until an answer promises something',
  },
  {
    behaviour: 'What is wrong with the request itself is not tried again.',
    model: 'exact',
    how: 'Any 4xx other than 408 and 429.',
    source: 'RFC 9110, 15.5',
    test: 'takes another 4xx for the last word',
  },
  {
    behaviour: 'A payment that was accepted is posted again until it has its verdict.',
    model: 'assumed',
    how: 'After pauses of up to 30 s.',
    source: CLIENT,
    test: 'posts a payment that waits again until it has its verdict',
  },
  {
    behaviour: 'A stack’s clients send what it takes.',
    model: 'assumed',
    how: 'One in eight is a payment where the stack has both workloads: waiting payments cost most of a run’s calls.',
    source: 'A choice: no figure depends on it',
    test: 'one in eight submissions is a payment where the stack takes both',
  },
  {
    behaviour: 'Clients send all the time.',
    model: 'assumed',
    how: 'Every second where it matters and every five seconds else, which bounds how exact a time is.',
    source: 'A choice between exactness and the cost of a run',
    test: 'clients send every second around the fault and until a minute after the recovery, and every five seconds else',
  },
];

/** What a run is judged by. */
export const JUDGE_FIDELITY: readonly ModelledBehaviour[] = [
  {
    behaviour: 'A client that asks at the end is told what became of its submission.',
    model: 'exact',
    how:
      'By the result items in the table of the region that owns writes, which is what GET reads; of effects that have stood there ' +
      'for three minutes, and whose item is there.',
    source: OURS,
    test: 'is found where the region that owns writes has had three minutes to tell of it',
  },
  {
    behaviour: 'Every acknowledged submission ends as processed, delayed, expired, redone, late or lost.',
    model: 'exact',
    how:
      'processed: in time. delayed: later. expired: told so and never executed. redone: its first commit was lost with the old ' +
      'writer. late: it came back with the lost region. lost: no effect stands.',
    source: OURS,
    test: 'has one fate: processed, delayed, expired, redone, late or lost',
  },
  {
    behaviour: 'What counts is the database of the region that writes at the end.',
    model: 'exact',
    how: 'Only for submissions that a client was told are accepted.',
    source: OURS,
    test: 'is judged by the survivor’s database, and only where a client was told that it is accepted',
  },
  {
    behaviour: `A submission is good when its effect is committed within ${GOOD_WITHIN_MS / 1_000} s of its first sending.`,
    model: 'exact',
    how: 'True time, of the simulation’s one clock.',
    source: OURS,
    test: 'is good within 15 s of its first sending, whatever time its attempts took',
  },
  {
    behaviour: 'RTO: from the fault to the commit of the first good submission after the last one that was not good.',
    model: 'exact',
    how: 'Of orders, where the stack takes orders; to the pace of the clients, which is a second.',
    source: OURS,
    test: 'is the time from the fault to the first good effect after the last submission that was not good',
  },
  {
    behaviour: 'No recovery is needed where nothing suffered, and there is none where nothing was good again.',
    model: 'exact',
    how: '0 and none.',
    source: OURS,
    test: 'is zero when no submission suffered, and none when none was good again',
  },
  {
    behaviour: 'A double write is an acknowledged commit under an epoch after the first commit under a higher one.',
    model: 'exact',
    how: 'By true time, over both clusters. A second effect of one order in one database is impossible: its id is the key.',
    source: OURS,
    test: 'is an acknowledged commit under an epoch after the first commit under a higher one',
  },
];
