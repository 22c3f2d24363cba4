/** The beginning of docs/rehearsal.md, for people. */
export const INTRODUCTION = `# Rehearsal

A rehearsal loses a region, or something less, in a simulation of AWS in virtual time, and watches what becomes of
every order. It needs no AWS account. Ten minutes of the simulated world take some seconds, so that it is lost
thousands of times, each time at another moment, with other delays.

    npm run rehearse -- --scenario region-dark --seed 7 --timeline

## What is real in it

- **The handlers.** The sources in \`lambda/\` and \`canary/\` are compiled as they are; nothing in them knows of the
  simulation.
- **The AWS SDK and the PostgreSQL driver.** Real clients with the handlers' own options: serialisation, retries,
  back-off, time-outs. Only what would leave the machine is replaced: the HTTP handler below the SDK, the socket below
  the driver, DNS, and Node's clock and chance.
- **The stack.** Functions, permissions, alarms, rules, queues, health checks and records are read from the evaluated
  Pulumi program, the same resource graph that tests, budget and policies read: no second description can drift apart
  from it.
- **The policies.** Every call is decided by the policies of the graph. A call that they do not allow fails the run.

## What is modelled

The services themselves, as far as the handlers and the stack use them: the tables below name every behaviour, how
exactly it is modelled, where that is documented and which test shows it. PostgreSQL is compared with a real server,
statement by statement; the SDK's behaviour below a failing network with the real SDK; DynamoDB and other services'
answers with public emulators where those are installed. What is not modelled ends the run with an error: it is never
guessed.

One seed decides everything: delays, jitter, ids, the order of what happens at once. The same seed gives the same run,
byte for byte, so that a failure is replayed and its schedule of faults made smaller.

## What a figure of it means

- A time of a rehearsal is what the platform's own code and settings need **if AWS behaves as the tables say**. It is
  never a measurement of AWS, and nothing here was run in an AWS account.
- The largest part of most times is assumed: AWS does not say how long Aurora's promotion takes. Its range is the
  budget's, and a run draws from it. The distribution of many runs shows what follows from that range, and no more.
- "No order was lost" and "nobody wrote twice" are stronger claims, because they must hold whatever the
  delays are. A rehearsal is evidence for them by many tries, not proof; \`npm run model-check\` explores the protocol of
  the claim by itself.
- A share such as "1,000 of 1,000 runs" counts runs of these scenarios with these ranges. It is no probability of an
  event in the real world, because nobody knows how often such a day comes.

## What it cannot show

- **AWS itself being wrong**: services that do other than documented, beyond the faults below; quotas of an account;
  what a deployment does on its way.
- **Load.** Clients send an order a second. Throughput, throttling by AWS and contention are the matter of other
  tests.
- **The machine.** Code takes no time, memory is not limited, and certificates are not checked.
- **The fleet's software.** Instances start and pass their health checks after a time; what they serve is tested
  apart.
- **People.** What an operator does is one call at one moment.
`;
