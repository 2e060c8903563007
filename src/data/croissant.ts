/**
 * Croissant 1.1 metadata (JSON-LD) of a manifest, kept beside it in `datasets/croissant/`. The manifest is the source;
 * a test checks that the committed files are what this function writes.
 *
 * Source: Croissant Format Specification 1.1, mlcommons.org/croissant/1.1 and its appendix 1.
 */
import type { Manifest } from "./manifest.ts";

const CONTEXT = {
  "@language": "en",
  "@vocab": "http://schema.org/",
  sc: "http://schema.org/",
  cr: "http://mlcommons.org/croissant/",
  rai: "http://mlcommons.org/croissant/RAI/",
  dct: "http://purl.org/dc/terms/",
  prov: "http://www.w3.org/ns/prov#",
  annotation: "cr:annotation",
  arrayShape: "cr:arrayShape",
  citeAs: "cr:citeAs",
  column: "cr:column",
  conformsTo: "dct:conformsTo",
  containedIn: "cr:containedIn",
  data: { "@id": "cr:data", "@type": "@json" },
  dataType: { "@id": "cr:dataType", "@type": "@vocab" },
  equivalentProperty: "cr:equivalentProperty",
  examples: { "@id": "cr:examples", "@type": "@json" },
  excludes: "cr:excludes",
  extract: "cr:extract",
  field: "cr:field",
  fileObject: "cr:fileObject",
  fileProperty: "cr:fileProperty",
  fileSet: "cr:fileSet",
  format: "cr:format",
  includes: "cr:includes",
  isArray: "cr:isArray",
  isLiveDataset: "cr:isLiveDataset",
  jsonPath: "cr:jsonPath",
  key: "cr:key",
  md5: "cr:md5",
  parentField: "cr:parentField",
  readLines: "cr:readLines",
  recordSet: "cr:recordSet",
  references: "cr:references",
  regex: "cr:regex",
  sdVersion: "cr:sdVersion",
  separator: "cr:separator",
  source: "cr:source",
  subField: "cr:subField",
  transform: "cr:transform",
  unArchive: "cr:unArchive",
  value: "cr:value",
} as const;

const ENCODING = {
  "tar.gz": "application/x-gzip",
  tar: "application/x-tar",
  zip: "application/zip",
} as const;

/** Croissant's own identifiers of splits. */
const SPLIT_TYPES: Readonly<Record<string, string>> = { train: "cr:TrainingSplit", test: "cr:TestSplit" };

type Node = Readonly<Record<string, unknown>>;

/** Archive, and one file set per split where images are files. */
function distribution(m: Manifest): readonly Node[] {
  const { source, layout } = m;
  if (source.kind === "generated") return [];
  const container = source.kind === "archive" ? source.archive.file : source.stem;
  const file: Node = source.kind === "archive"
    ? {
      "@type": "cr:FileObject",
      "@id": container,
      name: container,
      contentUrl: source.archive.url ?? container,
      encodingFormat: ENCODING[source.archive.format],
      ...(source.archive.bytes === null ? {} : { contentSize: `${source.archive.bytes} B` }),
      ...(source.archive.sha256 === null ? {} : { sha256: source.archive.sha256 }),
      ...(source.archive.md5 === null ? {} : { md5: source.archive.md5 }),
    }
    : {
      "@type": "cr:FileObject",
      "@id": container,
      name: container,
      description: source.instructions,
      contentUrl: m.homepage,
      encodingFormat: "application/x-tar",
    };
  const members = (split: string): string[] =>
    layout.kind === "images"
      ? [layout.splits[split]!.members.replaceAll(/\{class\*\}/g, "**").replaceAll(/\{[a-z]+\}/g, "*")]
      : layout.kind === "records"
      ? layout.splits[split]!.members
      : [];
  const sets = Object.keys(m.splits).map((split): Node => ({
    "@type": "cr:FileSet",
    "@id": `${split}-files`,
    name: `${split}-files`,
    containedIn: { "@id": container },
    encodingFormat: layout.kind === "images" ? "image/*" : "application/octet-stream",
    includes: members(split),
  }));
  return [file, ...sets];
}

/** Splits, classes where the manifest names them, and one record set of images per split of files. */
function recordSets(m: Manifest): readonly Node[] {
  const splits: Node = {
    "@type": "cr:RecordSet",
    "@id": "splits",
    name: "splits",
    dataType: "cr:Split",
    key: { "@id": "splits/name" },
    field: [
      { "@type": "cr:Field", "@id": "splits/name", name: "name", dataType: "sc:Text" },
      { "@type": "cr:Field", "@id": "splits/images", name: "images", dataType: "sc:Integer" },
    ],
    data: Object.entries(m.splits).map(([name, images]) => ({
      "splits/name": name,
      "splits/images": images,
    })),
  };
  const classes: Node[] = m.classes.names === null ? [] : [{
    "@type": "cr:RecordSet",
    "@id": "classes",
    name: "classes",
    dataType: "sc:Enumeration",
    key: { "@id": "classes/name" },
    field: [
      { "@type": "cr:Field", "@id": "classes/label", name: "label", dataType: "sc:Integer" },
      { "@type": "cr:Field", "@id": "classes/name", name: "name", dataType: "sc:Text" },
    ],
    data: m.classes.names.map((name, label) => ({ "classes/label": label, "classes/name": name })),
  }];
  if (m.layout.kind !== "images") return [splits, ...classes];
  const images = Object.entries(m.layout.splits).map(([split, { members, labels }]): Node => {
    const files = { fileSet: { "@id": `${split}-files` } };
    const regex = `^.*${
      members.replaceAll("{class*}", "(.+)").replaceAll("{class}", "([^/]+)").replaceAll("{name}", "[^/]+")
    }$`;
    return {
      "@type": "cr:RecordSet",
      "@id": split,
      name: split,
      ...(SPLIT_TYPES[split] ? { description: `Images of the ${split} split (${SPLIT_TYPES[split]}).` } : {}),
      field: [
        {
          "@type": "cr:Field",
          "@id": `${split}/image`,
          name: "image",
          dataType: "sc:ImageObject",
          source: { ...files, extract: { fileProperty: "content" } },
        },
        ...(labels ? [] : [{
          "@type": "cr:Field",
          "@id": `${split}/class`,
          name: "class",
          dataType: ["sc:Text", "cr:Label"],
          source: { ...files, extract: { fileProperty: "fullpath" }, transform: { regex } },
          ...(m.classes.names === null ? {} : { references: { field: { "@id": "classes/name" } } }),
        }]),
      ],
    };
  });
  return [splits, ...classes, ...images];
}

/** The Croissant description of a dataset, as a JSON-LD value. */
export function croissant(m: Manifest): Node {
  return {
    "@context": CONTEXT,
    "@type": "sc:Dataset",
    conformsTo: "http://mlcommons.org/croissant/1.1",
    name: m.name,
    alternateName: m.title,
    description: m.description,
    license: m.licence === "MIT"
      ? "https://spdx.org/licenses/MIT.html"
      : { "@type": "sc:CreativeWork", name: m.licence },
    url: m.homepage ?? `urn:dataset:${m.name}`,
    creator: m.creators.map((name) => ({ "@type": "sc:Person", name })),
    datePublished: m.published,
    version: "1.0.0",
    citeAs: m.citation,
    ...(m.derivedFrom
      ? {
        "prov:wasDerivedFrom": { "@id": `urn:dataset:${m.derivedFrom.name}` },
        "prov:wasGeneratedBy": { "@type": "prov:Activity", "prov:label": m.derivedFrom.how },
      }
      : {}),
    distribution: distribution(m),
    recordSet: recordSets(m),
  };
}

/** The file's text. */
export function croissantText(m: Manifest): string {
  return JSON.stringify(croissant(m), null, 2) + "\n";
}
