import { Readable } from 'node:stream';

/** An answer in XML without its envelope, or an AWS error by its name. */
export type QueryAnswer = { readonly xml: string } | { readonly error: string };

/** Options for a real SDK client of a service with the query protocol (RDS, Auto Scaling), whose requests end here. */
export function fakeQuery(answer: (action: string, parameters: URLSearchParams) => QueryAnswer) {
  const sent: URLSearchParams[] = [];
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    destroy: () => undefined,
    async handle({ body }: { readonly body?: unknown }) {
      const parameters = new URLSearchParams(typeof body === 'string' ? body : '');
      sent.push(parameters);
      const action = parameters.get('Action') ?? '';
      const reply = answer(action, parameters);
      const failed = 'error' in reply;
      const xml = failed
        ? `<ErrorResponse><Error><Type>Sender</Type><Code>${reply.error}</Code><Message>fake ${reply.error}</Message></Error></ErrorResponse>`
        : `<${action}Response><${action}Result>${reply.xml}</${action}Result></${action}Response>`;
      return {
        response: {
          statusCode: failed ? 400 : 200,
          headers: { 'content-type': 'text/xml' },
          body: Readable.from([Buffer.from(xml)]),
        },
      };
    },
  };
  const options = {
    region: 'eu-central-2',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    requestHandler,
    maxAttempts: 2,
  };
  return { options, sent };
}
