from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.page_checks import prepare, faults_of
from tests.e2e.test_approving import let_wait
import os

OUT = "/tmp/approve"


def test_shots(demo: DemoPortal):
    os.makedirs(OUT, exist_ok=True)
    let_wait(demo, 26)
    for name, login, path in (
        ("approve", "yanshi-county", "/workdays/approval"),
        ("noted", "yanshi-county", "/workdays/approval?tab=noted"),
        ("confirm", "yanshi-send-mgr", "/workdays/confirmation"),
        ("grid", "yanshi-send-mgr", "/workdays/grid"),
        ("deputies", "yanshi-county", "/deputies"),
        ("return", "yanshi-county", None),
        ("all", "yanshi-county", "ALL"),
    ):
        for size in (DESKTOP, PHONE):
            with demo.visited(login, size) as page:
                prepare(page.context)
                if path and path != "ALL":
                    page.goto(path)
                else:
                    page.goto("/workdays/approval")
                    if path == "ALL":
                        page.locator(".q-queue-all button").click()
                    else:
                        for box in page.locator(".q-queue .q-check input").all()[:3]:
                            box.check()
                        page.get_by_role("button", name="退回所选").click()
                page.wait_for_load_state()
                page.screenshot(path=f"{OUT}/{name}-{size[0]}.png", full_page=True)
                print(
                    name,
                    size,
                    page.evaluate("() => document.documentElement.scrollHeight"),
                    faults_of(page),
                )
