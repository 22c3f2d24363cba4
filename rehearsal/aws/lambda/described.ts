import { text } from '../../../analysis/graph/graph';
import type { Graph } from '../../../analysis/graph/graph';
import { permissionStatement } from '../../iam/permission';
import { answered, refused } from '../service';
import { oncePerGraph } from '../sqs/input';
import type { Answer, WireFields } from '../service';
import type { DeployedFunction } from './functions';

/** Concurrent executions of an account and region, where nobody has asked for more (Lambda developer guide, "Lambda quotas"). */
const CONCURRENCY = 1_000;

const NO_FUNCTION = refused('ResourceNotFoundException', 'Function not found', 404);

/** Resource policies by the function's ARN: the statements of all its permissions, as GetPolicy shows them. */
const policiesOf = oncePerGraph((graph): ReadonlyMap<string, readonly object[]> => {
  const statements = new Map<string, object[]>();
  for (const permission of graph.all('aws:lambda/permission:Permission')) {
    const { functionArn, document } = permissionStatement(graph, permission);
    const own = 'Statement' in document && Array.isArray(document.Statement) ? document.Statement : [];
    const identified: object[] = own.map((one: object) => ({ Sid: permission.id, ...one }));
    statements.set(functionArn, [...(statements.get(functionArn) ?? []), ...identified]);
  }
  return statements;
});

/** Executions that functions of a region have reserved, by region. */
const reservedIn = oncePerGraph((graph): ReadonlyMap<string, number> => {
  const reserved = new Map<string, number>();
  for (const { inputs, region = '' } of graph.all('aws:lambda/function:Function')) {
    const own = inputs['reservedConcurrentExecutions'];
    if (typeof own === 'number' && own > 0) reserved.set(region, (reserved.get(region) ?? 0) + own);
  }
  return reserved;
});

/** What Lambda says of functions and of the account, from the graph (Lambda API reference). */
export class Described {
  constructor(private readonly graph: Graph) {}

  /** GetFunctionConfiguration. The hash stands for the sources: both regions have the same. */
  configuration(deployed: DeployedFunction | undefined): Answer {
    if (!deployed) return NO_FUNCTION;
    const { name, arn, source, timeoutMs, memoryMegabytes, resource } = deployed;
    const runtime = resource.inputs['runtime'];
    return answered({
      FunctionName: name,
      FunctionArn: arn,
      CodeSha256: source,
      MemorySize: memoryMegabytes,
      Timeout: timeoutMs / 1_000,
      ...(typeof runtime === 'string' && { Runtime: text(resource.inputs, 'runtime') }),
      State: 'Active',
      LastUpdateStatus: 'Successful',
    });
  }

  /** GetPolicy. A function without a permission has no policy, which is an error of the same name. */
  policy(deployed: DeployedFunction | undefined): Answer {
    const statements = deployed && policiesOf(this.graph).get(deployed.arn);
    if (!statements) return NO_FUNCTION;
    const document = { Version: '2012-10-17', Id: 'default', Statement: statements };
    return answered({ Policy: JSON.stringify(document), RevisionId: 'simulated' });
  }

  /** GetAccountSettings. */
  account(region: string): Answer {
    const unreserved = CONCURRENCY - (reservedIn(this.graph).get(region) ?? 0);
    const AccountLimit: WireFields = {
      ConcurrentExecutions: CONCURRENCY,
      UnreservedConcurrentExecutions: unreserved,
    };
    return answered({ AccountLimit });
  }
}
