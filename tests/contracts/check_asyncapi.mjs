// What the AsyncAPI parser finds wrong with the document named on the command line, as JSON; nothing found is [].
import { readFileSync } from "node:fs";
import parser from "@asyncapi/parser";

const { document, diagnostics } = await new parser.Parser().parse(readFileSync(process.argv[2], "utf8"));
const findings = diagnostics.map(({ severity, code, message, path }) => ({ severity, code, message, path: path.join(".") }));
if (!document && findings.length === 0) findings.push({ severity: 0, code: "no-document", message: "not parsed", path: "" });
console.log(JSON.stringify(findings));
