"""A list goes into a sheet as it stands: one line a row, one cell a column."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.conftest import DemoPortal

LISTEN = """() => window.addEventListener('copy', (event) => {
    window.copied = event.clipboardData.getData('text/plain');
})"""
SELECT = """() => {
    const table = document.querySelector('main .q-table');
    document.getSelection().setBaseAndExtent(table.rows[1].cells[0], 0, table.rows[2].cells[2], 0);
}"""


def lines_copied(page: Page) -> list[list[str]]:
    return [line.split("\t") for line in page.evaluate("() => window.copied").split("\r\n")]


def test_a_list_is_copied_by_its_button_and_by_selecting_rows(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-mgr") as page:
        page.goto("/workdays")
        shown = page.locator("main .q-table tbody tr").count()
        page.evaluate(LISTEN)
        page.get_by_role("button", name="复制本页表格").click()
        heading, *rows = lines_copied(page)
        assert heading[:4] == ["日期", "姓名", "结对", "天数"]
        assert len(rows) == shown
        assert {len(row) for row in rows} == {len(heading)}
        page.evaluate(SELECT)
        page.keyboard.press("Control+c")
        assert lines_copied(page) == rows[:2]
