import { expect, type Studio, test } from "../fixtures.js";

const SOURCE = "vars: {\n  region: eu\n}\nshop: Shop {\n  api: API\n  # kept\n}\nweb -> shop.api: calls\n";

/** Puts the caret right behind a piece of the text. */
async function caretAfter(studio: Studio, piece: string): Promise<void> {
  await studio.editor.evaluate((content, wanted) => {
    const { view } = (content as unknown as { cmTile: { view: { state: { doc: { toString(): string } }; dispatch(spec: object): void; focus(): void } } }).cmTile;
    view.dispatch({ selection: { anchor: view.state.doc.toString().indexOf(wanted) + wanted.length } });
    view.focus();
  }, piece);
}

test("the engine completes, folds, leads to the definition and renames", async ({ page, studio, watch }) => {
  // Chromium styles what is typed over a selection of coloured text by itself, which the content policy forbids it.
  watch.allow("style-src");
  await page.getByRole("button", { name: "Start with an empty page" }).click();
  await studio.write(SOURCE);
  await expect(studio.nodes).toHaveCount(3);
  const offers = page.locator(".cm-tooltip-autocomplete");

  await test.step("icons and variables are completed", async () => {
    await studio.type("web.icon: ");
    await page.keyboard.type("mdi:data");
    await expect(offers).toContainText("mdi:database");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+z");
    await studio.write(SOURCE);
    await studio.type("zone: ");
    await page.keyboard.type("${");
    await expect(offers).toContainText("region");
    await page.keyboard.press("Escape");
    await studio.write(SOURCE);
    await expect(studio.nodes).toHaveCount(3);
  });

  await test.step("a container folds", async () => {
    const marks = page.locator('.cm-foldGutter [title="Fold line"]');
    await expect(marks).toHaveCount(2);
    await marks.last().click();
    await expect(page.locator(".cm-foldPlaceholder")).toHaveCount(1);
    await expect(studio.editor).not.toContainText("api: API");
    await page.locator('.cm-foldGutter [title="Unfold line"]').last().click();
    await expect(page.locator(".cm-foldPlaceholder")).toHaveCount(0);
  });

  await test.step("F12 goes to where a name came into being", async () => {
    await caretAfter(studio, "web -> shop.ap");
    await page.keyboard.press("F12");
    await expect
      .poll(() =>
        studio.editor.evaluate((content) => {
          const { view } = (content as unknown as { cmTile: { view: { state: { selection: { main: { from: number; to: number } }; sliceDoc(a: number, b: number): string } } } }).cmTile;
          return view.state.sliceDoc(view.state.selection.main.from, view.state.selection.main.to);
        }),
      )
      .toBe("api");
  });

  await test.step("F2 renames everywhere, as one step", async () => {
    await caretAfter(studio, "web -> shop.ap");
    await page.keyboard.press("F2");
    await expect(page.getByLabel("New name")).toBeFocused();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.type("backend");
    await page.keyboard.press("Enter");
    await expect.poll(() => studio.text()).toBe(SOURCE.replaceAll("api", "backend"));
    await page.keyboard.press("ControlOrMeta+z");
    await expect.poll(() => studio.text()).toBe(SOURCE);
  });
});
