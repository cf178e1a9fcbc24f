// Judges what was said to Stripe's API, and answered, by Stripe's own description of it:
//   node judge.cjs EXCHANGES
// EXCHANGES has one JSON object a line: method, url, body (a form), status, answer (text). Each fault is one line of
// the output; the last line is the number of exchanges judged.
const fs = require('fs');
const path = require('path');
const qs = require('qs');
const Ajv = require('ajv');

const spec = clean(JSON.parse(fs.readFileSync(path.join(__dirname, 'stripe-openapi-subset.json'))));

// The subset names objects by their ids alone; what a request may ask to be answered whole is given back here.
const whole = {
  payment_intent: { latest_charge: ['charge'] },
  charge: { balance_transaction: ['balance_transaction'] },
  'checkout.session': { payment_intent: ['payment_intent'], setup_intent: ['setup_intent'] },
  setup_intent: { payment_method: ['payment_method'] },
  balance_transaction: { source: ['charge', 'refund', 'dispute'] },
};
for (const [schema, fields] of Object.entries(whole)) {
  for (const [field, objects] of Object.entries(fields)) {
    spec.components.schemas[schema].properties[field].anyOf.push(
      ...objects.map(object => ({ $ref: `#/components/schemas/${object}` })));
  }
}

const asked = validator(true), answered = validator(false);
const routes = Object.entries(spec.paths).flatMap(([route, methods]) => Object.entries(methods)
  .filter(([, operation]) => operation.responses)
  .map(([method, operation]) => ({
    method: method.toUpperCase(),
    matches: new RegExp(`^${route.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    asked: asked.compile(local(method === 'get' ? ofQuery(operation) : ofForm(operation))),
    answered: answered.compile(local(operation.responses['200'].content['application/json'].schema)),
    refused: answered.compile(local(operation.responses.default.content['application/json'].schema)),
  })));
const event = answered.compile({ $ref: 'spec#/components/schemas/event' });

const faults = [];
const exchanges = fs.readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line));
for (const [place, exchange] of exchanges.entries()) {
  const name = `${place + 1}: ${exchange.method} ${exchange.url}`;
  const told = (kind, errors) => faults.push(...errors.map(
    error => `${name}: ${kind}${error.instancePath} ${error.message} ${JSON.stringify(error.params)}`));
  if (exchange.method === 'EVENT') {
    if (!event(JSON.parse(exchange.answer))) told('event', event.errors);
    continue;
  }
  const url = new URL(exchange.url);
  const route = routes.find(one => one.method === exchange.method && one.matches.test(url.pathname));
  if (!route) {
    faults.push(`${name}: no such operation`);
    continue;
  }
  const question = qs.parse(exchange.method === 'GET' ? url.search.slice(1) : exchange.body, { depth: 10 });
  if (!route.asked(question)) told('asked', route.asked.errors);
  const judge = exchange.status < 300 ? route.answered : route.refused;
  if (!judge(JSON.parse(exchange.answer))) told('answered', judge.errors);
}
for (const fault of faults) console.log(fault);
console.log(`${exchanges.length} exchanges, ${faults.length} faults`);
process.exitCode = faults.length > 0 ? 1 : 0;

function validator(coerce) {
  const ajv = new Ajv({
    strict: false, allErrors: true, coerceTypes: coerce, allowUnionTypes: true, logger: false, validateFormats: false,
  });
  ajv.addSchema({ $id: 'spec', components: spec.components });
  return ajv;
}

/** OpenAPI's "nullable" as JSON Schema says it; examples and extensions left out. */
function clean(node) {
  if (Array.isArray(node)) return node.map(clean);
  if (!node || typeof node !== 'object') return node;
  const cleaned = {};
  for (const [name, value] of Object.entries(node)) {
    if (name !== 'nullable' && name !== 'example' && !name.startsWith('x-')) cleaned[name] = clean(value);
  }
  if (node.nullable === true && typeof cleaned.type === 'string') cleaned.type = [cleaned.type, 'null'];
  else if (node.nullable === true && cleaned.anyOf) cleaned.anyOf.push({ type: 'null' });
  if (node.nullable === true && cleaned.enum) cleaned.enum.push(null);
  return cleaned;
}

function local(schema) {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"spec#/components/'));
}

function ofForm(operation) {
  return operation.requestBody?.content?.['application/x-www-form-urlencoded']?.schema ?? {};
}

function ofQuery(operation) {
  const inQuery = (operation.parameters ?? []).filter(parameter => parameter.in === 'query');
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(inQuery.map(parameter => [parameter.name, parameter.schema])),
    required: inQuery.filter(parameter => parameter.required).map(parameter => parameter.name),
  };
}
