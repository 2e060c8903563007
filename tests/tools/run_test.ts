import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const launcher = fileURLToPath(new URL("../../run", import.meta.url));
const version = /^DENO_VERSION=(\S+)/m.exec(await Deno.readTextFile(launcher))![1]!;

/** A stand-in for Deno: knows its version, otherwise prints what it was asked and where. */
const fakeDeno = (v: string) =>
  `#!/bin/sh
if [ "$1" = --version ]; then echo "deno ${v} (stable)"; exit 0; fi
echo "deno $*"
echo "cwd $PWD"
echo "runtime $XDG_RUNTIME_DIR"
`;

const folders: string[] = [];
Deno.test.afterAll(async () => {
  for (const folder of folders) await Deno.remove(folder, { recursive: true });
});

/** A machine: a project folder with the launcher, and a folder that is all of PATH. */
async function machine(programs: Readonly<Record<string, string>>): Promise<{ root: string; bin: string }> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  folders.push(folder);
  const root = join(folder, "a project");
  const bin = join(folder, "bin");
  await Deno.mkdir(root);
  await Deno.mkdir(bin);
  await Deno.copyFile(launcher, join(root, "run"));
  const tasks = { help: "x", version: "x", plan: "x", test: "x", "test:slow": "x", doctor: "x" };
  await Deno.writeTextFile(
    join(root, "deno.json"),
    JSON.stringify({ version: "1", tasks, lint: { a: "b" } }, null, 2),
  );
  const system = [
    "sh basename chmod cp dirname grep id ln mkdir mktemp mv paste readlink rm sed sleep uname cat".split(
      " ",
    ),
    ["/bin", "/usr/bin"],
  ] as const;
  for (const name of system[0]) {
    for (const place of system[1]) {
      if (await Deno.stat(`${place}/${name}`).then(() => true, () => false)) {
        await Deno.symlink(`${place}/${name}`, join(bin, name));
        break;
      }
    }
  }
  for (const [name, text] of Object.entries(programs)) {
    await Deno.remove(join(bin, name)).catch(() => {});
    await Deno.writeTextFile(join(bin, name), text, { mode: 0o755 });
  }
  return { root, bin };
}

interface Call {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly script?: string;
}

async function run({ root, bin }: { root: string; bin: string }, args: readonly string[], call: Call = {}) {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: [call.script ?? join(root, "run"), ...args],
    cwd: call.cwd ?? root,
    clearEnv: true,
    env: {
      PATH: bin,
      HOME: root,
      ASSAY_ICD_FOLDERS: join(root, "icd"),
      ASSAY_CHROMIUM: "/bin/sh",
      ...call.env,
    },
    stdin: "null",
  }).output();
  return { code, out: new TextDecoder().decode(stdout), err: new TextDecoder().decode(stderr) };
}

/** npm that leaves a working binary, after a moment in which a second launcher can arrive. */
const fakeNpm = `#!/bin/sh
echo "npm $*" >> "$HOME/npm.log"
echo noise on standard output
sleep 0.3
mkdir -p "$3/node_modules/@deno/some-platform"
cp "$HOME/fake-deno" "$3/node_modules/@deno/some-platform/deno"
`;

async function machineWithNpm(npm = fakeNpm) {
  const m = await machine({ npm });
  await Deno.writeTextFile(join(m.root, "fake-deno"), fakeDeno(version), { mode: 0o755 });
  return m;
}

const installs = async (root: string) =>
  (await Deno.readTextFile(join(root, "npm.log")).catch(() => "")).split("\n").filter((line) => line !== "")
    .length;

Deno.test("run uses a Deno of the pinned version on PATH, keeps the caller's folder and passes arguments as they are", async () => {
  const m = await machine({ deno: fakeDeno(version) });
  const { code, out, err } = await run(m, ["plan", "a b", "--json"], { cwd: m.bin });
  assert.equal(code, 0, err);
  assert.match(out, new RegExp(`^deno task --quiet .*--config ${m.root}/deno.json plan a b --json$`, "m"));
  assert.match(out, new RegExp(`^cwd ${m.bin}$`, "m")); // deno task turns this into INIT_CWD
  assert.equal(err, "");
});

Deno.test("run works through a chain of symbolic links", async () => {
  const m = await machine({ deno: fakeDeno(version) });
  await Deno.symlink("a project/run", join(m.root, "../one"));
  await Deno.symlink(join(m.root, "../one"), join(m.bin, "assay"));
  const { out } = await run(m, ["plan"], { cwd: "/", script: join(m.bin, "assay") });
  assert.match(out, new RegExp(`--config ${m.root}/deno.json plan`));
});

Deno.test("run without arguments shows help, and names the tasks when it does not know one", async () => {
  const m = await machine({ deno: fakeDeno(version) });
  for (const args of [[], ["--help"], ["-h"], ["help"]]) {
    assert.match((await run(m, args)).out, /deno\.json help$/m);
  }
  assert.match((await run(m, ["--version"])).out, /deno\.json version$/m);
  for (const typo of ["paln", "-x", "lint", "pla"]) {
    const { code, out, err } = await run(m, [typo]);
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.equal(
      err,
      `run: there is no task "${typo}"; the tasks are: help version plan test test:slow doctor.\n`,
    );
  }
});

Deno.test("run installs the pinned Deno when PATH has none or another version, quietly and once", async () => {
  const m = await machineWithNpm();
  await Deno.writeTextFile(join(m.bin, "deno"), fakeDeno("1.0.0"), { mode: 0o755 });
  const first = await run(m, ["plan"]);
  assert.equal(first.code, 0, first.err);
  assert.match(first.out, /^deno task/); // npm's noise went to standard error
  assert.match(
    await Deno.readTextFile(join(m.root, "npm.log")),
    new RegExp(`--ignore-scripts .*deno@${version}`),
  );
  assert.equal((await run(m, ["plan"])).err, "");
  assert.equal(await installs(m.root), 1);
});

Deno.test("run lets one of several launchers install and the others wait", async () => {
  const m = await machineWithNpm();
  const all = await Promise.all([1, 2, 3].map(() => run(m, ["plan"])));
  for (const { code, out, err } of all) {
    assert.equal(code, 0, err);
    assert.match(out, /^deno task/);
  }
  assert.equal(await installs(m.root), 1);
});

Deno.test("run redoes an install that was killed half-way and takes over its lock", async () => {
  const m = await machineWithNpm();
  const toolchain = join(m.root, ".toolchain");
  await Deno.mkdir(join(toolchain, "partial-1/node_modules/@deno"), { recursive: true });
  await Deno.mkdir(join(toolchain, `deno-${version}/node_modules/@deno/some-platform`), { recursive: true });
  await Deno.writeTextFile(join(toolchain, `deno-${version}/node_modules/@deno/some-platform/deno`), "", {
    mode: 0o755,
  });
  const dead = new Deno.Command("/bin/sh", { args: ["-c", "exit 0"] }).spawn();
  await dead.status;
  await Deno.symlink(String(dead.pid), join(toolchain, "install.lock"));
  const { code, out, err } = await run(m, ["plan"]);
  assert.equal(code, 0, err);
  assert.match(out, /^deno task/);
  const left = (await Array.fromAsync(Deno.readDir(toolchain))).map((e) => e.name).sort();
  assert.deepEqual(left, [`deno-${version}`, "runtime"]);
});

Deno.test("run says what to do when npm is missing, fails, or brings no binary for this system", async () => {
  const missing = await run(await machine({}), ["plan"]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /npm, which would install it, is missing/);

  const failing = await machine({ npm: "#!/bin/sh\nexit 1\n" });
  const failed = await run(failing, ["plan"]);
  assert.equal(failed.code, 1);
  assert.match(failed.err, /npm could not install deno@/);
  await assert.rejects(Deno.lstat(join(failing.root, ".toolchain/install.lock")), Deno.errors.NotFound);

  const empty = await run(await machine({ npm: "#!/bin/sh\nexit 0\n" }), ["plan"]);
  assert.equal(empty.code, 1);
  assert.match(empty.err, /no binary of it runs on this system/);
});

/** A system in which the user is root or not, and apt-get writes down what it was asked. */
const apt = (uid: number, status = 0) => ({
  deno: fakeDeno(version),
  id: `#!/bin/sh\necho ${uid}\n`,
  "apt-get": `#!/bin/sh\necho "$*" >> "$HOME/apt.log"\nexit ${status}\n`,
});
const aptLog = (root: string) => Deno.readTextFile(join(root, "apt.log")).catch(() => "");

Deno.test("run installs a Vulkan driver as root, only for tasks that drive a GPU and only when there is none", async () => {
  const m = await machine(apt(0));
  await run(m, ["plan"]);
  assert.equal(await aptLog(m.root), "");
  const { code, out } = await run(m, ["doctor"]);
  assert.equal(code, 0);
  assert.match(out, /^deno task/);
  assert.match(await aptLog(m.root), /^update .*\ninstall .* mesa-vulkan-drivers\n$/);

  const withDriver = await machine(apt(0));
  await Deno.mkdir(join(withDriver.root, "icd"));
  await Deno.writeTextFile(join(withDriver.root, "icd/some.json"), "{}");
  await run(withDriver, ["doctor"]);
  await run(withDriver, ["test"]);
  assert.equal(await aptLog(withDriver.root), "");

  for (const variable of ["VK_DRIVER_FILES", "VK_ICD_FILENAMES"]) {
    const named = await machine(apt(0));
    await run(named, ["doctor"], { env: { [variable]: `/nonexistent.json:${named.root}/deno.json` } });
    assert.equal(await aptLog(named.root), "", variable);
  }
});

Deno.test("run installs no driver for tests that need no adapter", async () => {
  const m = await machine(apt(0));
  const { out } = await run(m, ["test", "tests/nn", "--no-adapter"]);
  assert.match(out, /deno\.json test tests\/nn --no-adapter$/m);
  assert.equal(await aptLog(m.root), "");
});

Deno.test("run installs Chromium too for tests, and for nothing else", async () => {
  const m = await machine(apt(0));
  const env = { ASSAY_CHROMIUM: join(m.root, "no-browser") };
  await run(m, ["doctor"], { env });
  assert.doesNotMatch(await aptLog(m.root), /chromium/);
  await run(m, ["test"], { env });
  assert.match(await aptLog(m.root), /install .* mesa-vulkan-drivers chromium\n$/);
});

Deno.test("run names the package when it may not install it or apt-get fails, and goes on", async () => {
  for (const programs of [apt(1000), apt(0, 100)]) {
    const { code, out, err } = await run(await machine(programs), ["doctor"]);
    assert.equal(code, 0);
    assert.match(out, /^deno task/);
    assert.match(err, /mesa-vulkan-drivers/);
  }
});

Deno.test("run gives the driver a private runtime folder unless the user has one", async () => {
  const m = await machine({ deno: fakeDeno(version) });
  assert.match((await run(m, ["plan"])).out, new RegExp(`^runtime ${m.root}/.toolchain/runtime$`, "m"));
  assert.equal((await Deno.stat(join(m.root, ".toolchain/runtime"))).mode! & 0o777, 0o700);
  assert.match(
    (await run(m, ["plan"], { env: { XDG_RUNTIME_DIR: "/run/mine" } })).out,
    /^runtime \/run\/mine$/m,
  );
});
