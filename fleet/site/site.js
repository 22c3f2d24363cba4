/* global document, fetch, FormData, sessionStorage */
'use strict';

const signIn = document.getElementById('sign-in');
const signOut = document.getElementById('sign-out');
const order = document.getElementById('order');
const answer = document.getElementById('answer');

/** Calls the service and returns its JSON; whatever goes wrong is shown, with the request id that operators ask for. */
async function call(path, options) {
  const response = await fetch(path, options);
  const body = response.status === 204 ? undefined : await response.json();
  if (response.ok) return body;
  throw new Error(`${body.message} (${body.code}, request ${body.requestId})`);
}

function onSubmit(form, action) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    action(new FormData(form)).catch((error) => {
      answer.textContent = error.message;
    });
  });
}

function show(session) {
  signIn.hidden = session !== undefined;
  signOut.hidden = session === undefined;
  if (session === undefined) sessionStorage.removeItem('sessionId');
  else {
    sessionStorage.setItem('sessionId', session.sessionId);
    signOut.elements.namedItem('session').value =
      `${session.user}, until ${new Date(session.expiresAt * 1000).toLocaleString()}`;
  }
}

onSubmit(signIn, async (fields) => {
  const body = JSON.stringify({ user: fields.get('user') });
  show(await call('/sessions', { method: 'POST', headers: { 'content-type': 'application/json' }, body }));
});

onSubmit(signOut, async () => {
  await call(`/sessions/${sessionStorage.getItem('sessionId')}`, { method: 'DELETE' });
  show(undefined);
});

onSubmit(order, async (fields) => {
  const found = await call(`/orders/${encodeURIComponent(fields.get('orderId').trim())}`);
  answer.textContent = JSON.stringify(found, null, 2);
});

const known = sessionStorage.getItem('sessionId');
if (known !== null) call(`/sessions/${known}`).then(show, () => show(undefined));
