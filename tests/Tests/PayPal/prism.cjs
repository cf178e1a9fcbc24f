// prism.cjs PORT UPSTREAM FILE...: Prism as a proxy that compares each request, and its answer, with PayPal's own
// descriptions, and names what differs in the header sl-violations.
'use strict';
const fs = require('fs');
const { createLogger } = require('@stoplight/prism-core');
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { createServer } = require('@stoplight/prism-http-server');

const [port, upstream, ...files] = process.argv.slice(2);

async function operations(file) {
  const description = JSON.parse(fs.readFileSync(file, 'utf8'));
  // The description of 2024-02 does not know yet what PayPal's documentation says of tokens.
  const token = description.components.schemas.token_id_request;
  if (token) token.properties.type.enum.push('SETUP_TOKEN');
  return getHttpOperationsFromSpec(description);
}

(async () => {
  const all = (await Promise.all(files.map(operations))).flat();
  const server = createServer(all, {
    cors: false,
    config: {
      isProxy: true, upstream: new URL(upstream), validateRequest: true, validateResponse: true, checkSecurity: true,
      errors: false,
    },
    components: { logger: createLogger('judge', { level: 'silent' }) },
  });
  await server.listen(Number(port), '127.0.0.1');
  console.log(`listening ${all.length}`);
})();
