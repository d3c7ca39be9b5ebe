// What published schemas find wrong with the Kubernetes objects on standard input (a JSON array), as JSON; nothing is [].
// The schemas' validators are compiled ones that let unknown fields pass, as Kubernetes does. A field that a validator
// never reads is one that its schema does not know: a misspelt one. So each object goes in as a proxy that notes reads.
import { readFileSync } from "node:fs";

const PACKAGES = { "keda.sh": "@kubernetes-models/keda/", "monitoring.coreos.com": "@kubernetes-models/prometheus-operator/" };

function watched(value, path, unread) {
  if (value === null || typeof value !== "object") return value;
  const inside = {};
  for (const key of Object.keys(value)) unread.add(`${path}/${key}`);
  return new Proxy(value, {
    get(target, key) {
      if (typeof key !== "string" || !Object.hasOwn(target, key)) return target[key];
      unread.delete(`${path}/${key}`);
      return (inside[key] ??= watched(target[key], `${path}/${key}`, unread));
    },
  });
}

async function findings(object) {
  const name = `${object.kind} ${object.metadata?.name}`;
  const group = object.apiVersion.split("/")[0];
  const from = PACKAGES[group] ?? "kubernetes-models/";
  const { [object.kind]: model } = await import(`${from}${object.apiVersion}/${object.kind}`);
  const unread = new Set();
  try {
    model.prototype.validate.call(watched(object, "", unread));
  } catch (error) {
    return [{ object: name, message: error.message }];
  }
  return [...unread].map((path) => ({ object: name, message: `${path} is in no schema` }));
}

const objects = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify((await Promise.all(objects.map(findings))).flat()));
