/**
 * Error of Hessian-vector products by central differences in f32 over the length of the perturbation, against f64.
 * Prints the tables of decisions/0010-difference-step.md. Run: deno run --allow-read --allow-env bench/difference_step.ts
 */
import {
  adapterProduct,
  feedsOf,
  referenceProduct,
  relativeError,
  withCurvedNet,
} from "../tests/nn/curved_net.ts";

for (const relu of [false, true]) {
  console.log(relu ? "\nWith ReLU:\n" : "Without ReLU:\n");
  await withCurvedNet(relu, async (net, session) => {
    const feeds = await feedsOf(net, session);
    const limit = referenceProduct(net, feeds, 1e-6);
    console.log(
      "| radius | f32 against f64, same step | f64 step against its limit | f32 against the limit |",
    );
    console.log("|---|---|---|---|");
    for (const exponent of [-5, -4.5, -4, -3.5, -3, -2.5, -2, -1.5, -1, -0.5]) {
      const { product, eps } = await adapterProduct(net, session, 10 ** exponent);
      const same = referenceProduct(net, feeds, eps);
      const columns = [
        relativeError(product, same),
        relativeError(same, limit),
        relativeError(product, limit),
      ];
      console.log(`| 1e${exponent} | ${columns.map((e) => e.toExponential(1)).join(" | ")} |`);
    }
  });
}
Deno.exit(0);
