// Asks a sandbox with Stripe's own client, and signs and verifies with it:
//   node client.cjs PORT KEY SIGNING-SECRET POSTS
// POSTS has one JSON object a line: header, body, at (milliseconds). The last line of the output is a JSON object of
// what came of it, with a post that the client signed.
const fs = require('fs');
const { default: Stripe = require('stripe') } = require('stripe');

const [port, key, secret, posts] = process.argv.slice(2);
const stripe = new Stripe(key, { host: '127.0.0.1', port, protocol: 'http', maxNetworkRetries: 0, telemetry: false });

(async () => {
  const order = card => ({
    amount: 11301, currency: 'cad', payment_method: card, payment_method_types: ['card'], confirm: true,
    off_session: true, metadata: { tollkeeper: 'pay_of_the_client' },
  });
  const paid = await stripe.paymentIntents.create(order('pm_card_visa'), { idempotencyKey: 'once' });
  const again = await stripe.paymentIntents.create(order('pm_card_visa'), { idempotencyKey: 'once' });
  const other = await stripe.paymentIntents.create(order('pm_card_lost'), { idempotencyKey: 'once' })
    .catch(error => error.type);
  const declined = await stripe.paymentIntents.create(order('pm_card_lost')).catch(error => error);
  const prepared = await stripe.paymentIntents.create({
    amount: 500, currency: 'cad', payment_method: 'pm_card_visa', payment_method_types: ['card'],
    capture_method: 'manual',
  });
  const agreed = await stripe.paymentIntents.confirm(prepared.id);
  const captured = await stripe.paymentIntents.capture(prepared.id);
  const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 301 });
  const page = await stripe.checkout.sessions.create({
    mode: 'payment', success_url: 'https://voice.example/done', cancel_url: 'https://voice.example/back',
    line_items: [{ quantity: 1, price_data: { currency: 'cad', unit_amount: 2500, product_data: { name: 'Été' } } }],
    payment_method_types: ['card'],
  });
  const expired = await stripe.checkout.sessions.expire(page.id);
  const moved = [];
  for await (const one of stripe.balanceTransactions.list({ limit: 1 })) moved.push(one.net);
  const wrongKey = await new Stripe('sk_wrong', { host: '127.0.0.1', port, protocol: 'http' }).balanceTransactions.list()
    .catch(error => error.type);
  const heard = fs.readFileSync(posts, 'utf8').split('\n').filter(Boolean).map(line => JSON.parse(line))
    .map(post => stripe.webhooks.constructEvent(post.body, post.header, secret, 300, undefined, post.at).type);
  const payload = JSON.stringify({
    id: 'evt_client', object: 'event', type: 'payment_intent.succeeded', created: 1772463600, data: { object: captured },
  });
  console.log(JSON.stringify({
    paid: paid.status, again: again.id === paid.id, other, declined: declined.type, code: declined.decline_code,
    agreed: agreed.status, captured: captured.amount_received, refund: refund.amount, page: new URL(page.url).pathname,
    expired: expired.status, moved: moved.reduce((sum, one) => sum + one, 0), wrongKey, heard, payload,
    header: stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp: 1772463600 }),
  }));
})().catch(error => {
  console.error(error);
  process.exitCode = 1;
});
