import { z } from 'zod';
import { createHttpClient } from '../../../lambda/shared/http-client';

/** What an API says of its own health; `region` is the one that answered. */
export interface HealthAnswer {
  readonly status: number;
  readonly says: string;
  readonly region?: string;
}

const bodyForm = z.object({ status: z.string().max(60), region: z.string().max(60).optional() });

/** Asks `/health` as a client does. @throws DeadlineError, or Node's errors of sockets, names and certificates. */
export async function readHealth(endpoint: string): Promise<HealthAnswer> {
  const http = createHttpClient({ connectMs: 3_000, answerMs: 6_000 });
  try {
    const { status, body } = await http.send({ method: 'GET', url: `${endpoint}/health` });
    const { data } = bodyForm.safeParse(parsed(body));
    return {
      status,
      says: data?.status ?? 'an answer of another form',
      ...(data?.region !== undefined && { region: data.region }),
    };
  } finally {
    http.close();
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
