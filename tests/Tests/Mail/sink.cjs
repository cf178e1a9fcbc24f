// A real SMTP server for the tests: STARTTLS and a sign-in are mandatory; what it took is JSON over HTTP.
//   node sink.cjs SMTP-PORT HTTP-PORT KEY.PEM CERTIFICATE.PEM USER PASSWORD
// Recipients that begin with "bounce" are refused with 550.
const { SMTPServer } = require('smtp-server');
const { simpleParser } = require('mailparser');
const http = require('node:http');
const fs = require('node:fs');

const [smtpPort, httpPort, key, certificate, user, password] = process.argv.slice(2);
const mails = [];

new SMTPServer({
  key: fs.readFileSync(key),
  cert: fs.readFileSync(certificate),
  authMethods: ['PLAIN', 'LOGIN'],
  allowInsecureAuth: false,
  disableReverseLookup: true,
  onAuth: (given, session, done) => given.username === user && given.password === password
    ? done(null, { user }) : done(new Error('bad credentials')),
  onRcptTo: (address, session, done) => address.address.startsWith('bounce')
    ? done(Object.assign(new Error('mailbox unavailable'), { responseCode: 550 })) : done(),
  onData: (stream, session, done) => simpleParser(stream).then(mail => {
    mails.push({
      secure: session.secure, user: session.user, from: mail.from?.text, to: mail.to?.text, subject: mail.subject,
      text: mail.text, html: mail.html, id: mail.messageId,
      attachments: mail.attachments.map(file => ({ name: file.filename, size: file.size })),
    });
    done();
  }, done),
}).listen(+smtpPort, '127.0.0.1');

http.createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(mails));
}).listen(+httpPort, '127.0.0.1');
