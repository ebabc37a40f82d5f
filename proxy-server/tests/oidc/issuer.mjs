// A real OpenID Connect issuer on a port of this machine, whose people sign in without being asked.
//
//   node issuer.mjs <port> <redirect uri>
//
// Who signs in next is set by `POST /next/<account>`. Says `ready` on standard output once it listens.
import http from 'node:http';
import Provider from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
// Whoever started this stops reading after `ready`.
process.stdout.on('error', () => {});
const issuer = `http://127.0.0.1:${port}`;
const people = {
  ada: { email: 'ada@example.com', email_verified: true, name: 'Ada Lovelace' },
  eve: { email: 'ada@example.com', email_verified: false, name: 'Eve' },
};
let next = 'ada';

const provider = new Provider(issuer, {
  clients: [{ client_id: 'spandrel', client_secret: 'a secret of the test', redirect_uris: [redirectUri] }],
  cookies: { keys: ['a key of the test'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  // Some issuers put claims only behind their userinfo address; the large ones put them into the token.
  conformIdTokenClaims: false,
  features: { devInteractions: { enabled: false } },
  pkce: { required: () => true },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
});

async function interact(request, response) {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: next } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
}

const serve = provider.callback();
http
  .createServer((request, response) => {
    if (request.url.startsWith('/next/')) {
      next = request.url.slice('/next/'.length);
      return response.end();
    }
    if (request.url.startsWith('/interaction/')) {
      return interact(request, response).catch((error) => response.writeHead(500).end(String(error)));
    }
    return serve(request, response);
  })
  .listen(Number(port), '127.0.0.1', () => console.log('ready'));
