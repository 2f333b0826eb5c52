"""The pictures of the help pages: who looks at what, how wide, and what is to be seen.

``tests/e2e/test_help_pictures.py`` takes them from the demonstration portal; ``make screenshots``
writes them into ``static/help``.
"""

from __future__ import annotations

from dataclasses import dataclass

DESKTOP, PHONE = (1000, 640), (390, 640)
"""The view of a picture, in CSS pixels; the picture is as large."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: whose, of which page, how large, and in words what it shows.

    ``steps`` come before it is taken: ``("click", selector)`` follows the first such link,
    ``("scroll", selector)`` brings an element to the top. Without any it begins at the page's title.
    """

    name: str
    topic: str
    login: str
    path: str
    alt: str
    size: tuple[int, int] = DESKTOP
    steps: tuple[tuple[str, str], ...] = ()

    @property
    def file(self) -> str:
        return f"help/{self.name}.png"

    @property
    def is_phone(self) -> bool:
        return self.size[0] <= PHONE[0]


STAFF, MANAGER, COUNTY = "yanshi-send-staff", "yanshi-send-mgr", "yanshi-county"
PROVINCE, NATIONAL, SYSTEM = "yanshi-prov", "yanshi-national", "yanshi-sys-admin"

PICTURES: tuple[Picture, ...] = (
    Picture(
        "log-workday",
        "log-workday",
        STAFF,
        "/workdays/new",
        "手机上的“填报工作日”：月历上写明每天的情况，点一天或几天，再选帮扶任务，写一句工作内容。",
        PHONE,
    ),
    Picture(
        "mend-returned",
        "mend-returned",
        STAFF,
        "/workdays",
        "“工作日志”列表，可按状态筛选出已退回的条目。",
    ),
    Picture(
        "log-activity",
        "log-activity",
        "yanshi-recv-mgr",
        "/activities/new",
        "“集体活动代填”：日期、已勾选的参加人员、天数和帮扶任务。",
    ),
    Picture(
        "declare-month",
        "declare-month",
        STAFF,
        "/months/own?month=2026-10",
        "手机上的“本月已填完”：没有填报的工作日，以及声明填完的按钮。",
        PHONE,
    ),
    Picture(
        "dispute-days",
        "dispute-days",
        "yanshi-recv-mgr",
        "/workdays/partner",
        "“对方填报的日志”：可勾选并写明异议原因，有异议的一条带标记和“撤回异议”。",
    ),
    Picture(
        "correct-workday",
        "correct-workday",
        STAFF,
        "/workdays?state=approved",
        "已核准日志的页面，右上角有“申请更正”。",
        DESKTOP,
        (("click", "main tbody tr:nth-child(4) a"), ("scroll", "main")),
    ),
    Picture(
        "confirm-workdays",
        "confirm-workdays",
        MANAGER,
        "/workdays/confirmation",
        "“待确认的日志”：“普通”的一个按钮办完，“需留意”的写明原因；勾选后可确认或退回。",
    ),
    Picture(
        "approve-workdays",
        "approve-workdays",
        COUNTY,
        "/workdays/approval",
        "“待核准的日志”：“普通”的一个按钮办完，“需留意”的写明原因；勾选后可核准或退回。",
    ),
    Picture(
        "deputies",
        "deputies",
        COUNTY,
        "/deputies",
        "“代理”：选代理人和起止日期；下面是我的代理人和我代理的，随时可提前结束。",
    ),
    Picture(
        "register",
        "register",
        COUNTY,
        "/organisations/new",
        "“登记机构”的表单：统一社会信用代码、名称、类型、所在地等。",
    ),
    Picture(
        "nominate",
        "nominate",
        PROVINCE,
        "/assignments",
        "“选派”列表：每人的结对、期限、资格和状态。",
    ),
    Picture(
        "create-pairing",
        "create-pairing",
        PROVINCE,
        "/pairings/new",
        "“建立结对”的表单，下方有“建立结对”和“核对”两个按钮。",
    ),
    Picture(
        "attach-files",
        "attach-files",
        STAFF,
        "/workdays?state=submitted",
        "手机上的“上传现场照片”：选择文件，或者现在拍一张。",
        PHONE,
        (
            ("click", "main tbody tr a"),
            ("click", "main a[href$='/files/new']"),
            ("scroll", "main"),
        ),
    ),
    Picture(
        "record-agreement",
        "record-agreement",
        PROVINCE,
        "/pairings/YS26-640303/agreement",
        "“登记帮扶协议”的表单：协议编号和签订日期。",
        (1000, 420),
    ),
    Picture(
        "import",
        "import",
        MANAGER,
        "/import",
        "“批量导入”：可导入的种类、必填列、模板下载，下面是我的导入。",
    ),
    Picture(
        "summary",
        "summary",
        NATIONAL,
        "/summary?year=2025",
        "“汇总”：上方是合计，下面是分省汇总，数字可点到明细。",
    ),
    Picture(
        "as-of",
        "as-of",
        NATIONAL,
        "/summary?year=2025&as_of=2025-06-30",
        "填写“数据截至”后的汇总，页面上注明以某日结束时已知的情况为准。",
    ),
    Picture(
        "charts",
        "charts",
        NATIONAL,
        "/dashboard?year=2025",
        "“图表”：每张图有一句话说明、数据表和“下载数据”。",
    ),
    Picture(
        "calendar",
        "calendar",
        NATIONAL,
        "/calendar/2026",
        "2026 年工作日历：“休”为放假日，“班”为调休上班日。",
    ),
    Picture(
        "policy",
        "policy",
        NATIONAL,
        "/programme/policy",
        "“政策口径”：每个参数的值、自何日起、依据哪一条。",
    ),
    Picture(
        "close-year",
        "close-year",
        NATIONAL,
        "/programme",
        "“计划”：各工作年度的起止日期、状态和“关闭”按钮。",
    ),
    Picture(
        "accounts",
        "accounts",
        SYSTEM,
        "/accounts/new",
        "“开设账号”的表单：使用人姓名、登录名、角色和范围。",
    ),
    Picture(
        "plan-funds",
        "plan-funds",
        "yanshi-prov-send",
        "/funds",
        "省级的“资金”：应有、核定、拨付和到账，各机构还差什么，“批量拨付”和“按标准编制”。",
    ),
    Picture(
        "receive-funds",
        "receive-funds",
        MANAGER,
        "/funds",
        "机构的“资金”：本年可用、已用和还可用的金额，待确认的一笔拨付和“确认到账”。",
        PHONE,
    ),
    Picture(
        "ledger-book",
        "ledger-book",
        MANAGER,
        "/ledger",
        "机构的“资金使用台账”：到账、支出、执行率和结余，逐笔的收支明细。",
        steps=(("click", "main table a"), ("scroll", ".q-kpis")),
    ),
    Picture(
        "claim-spending",
        "claim-spending",
        STAFF,
        "/spending/new",
        "手机上的“登记支出”：金额、支出类别、资金来源和各来源可用的结余。",
        PHONE,
    ),
    Picture(
        "book-spending",
        "book-spending",
        MANAGER,
        "/spending?state=waiting",
        "“支出”列表，状态选“待我办理”：勾选核对过的，点“所选入账”。",
    ),
    Picture(
        "review-spending",
        "review-spending",
        "yanshi-prov-send",
        "/spending/sample?seed=211124",
        "“抽查支出”：按种子抽出的支出，核对票据后勾选，点“所选抽查认可”。",
    ),
    Picture(
        "settle-funds",
        "settle-funds",
        "yanshi-prov-send",
        "/settlements",
        "“年度结算”：各机构的到账、支出、余款和进度，勾选后点“按申请核定所选”。",
    ),
    Picture(
        "claim-awards",
        "claim-awards",
        "yanshi-recv-staff",
        "/awards",
        "手机上的“证书奖补”：每一项奖补的金额和办到哪一步。",
        PHONE,
    ),
    Picture(
        "decide-awards",
        "decide-awards",
        PROVINCE,
        "/awards",
        "省级的“证书奖补”：待核验、待公示、待发放的各有几项，勾选后一次办理。",
    ),
    Picture(
        "oversee-funds",
        "oversee-funds",
        "yanshi-prov-send",
        "/funds/questions",
        "“资金监管”：各机构的疑点、为什么问、进度，和“请机构说明”“处理”。",
    ),
    Picture(
        "transfer-funds",
        "transfer-funds",
        MANAGER,
        "/transfers",
        "“转付对方机构”：每笔转付的双方机构、来源、日期、金额，和对方是否已确认。",
    ),
    Picture(
        "papers",
        "papers",
        STAFF,
        "/workdays/sheet",
        "“月报表”：选月份，核对天数，下载 PDF、Word 或表格后签字。",
    ),
    Picture(
        "search",
        "search",
        PROVINCE,
        "/search?q=红寺堡",
        "搜索“红寺堡”的结果，按县、机构、结对、人员分组。",
    ),
    Picture(
        "display",
        "display",
        STAFF,
        "/display",
        "“显示设置”：标准、高对比、关怀版，以及表格的疏密。",
    ),
)
BY_TOPIC: dict[str, list[Picture]] = {
    topic: [one for one in PICTURES if one.topic == topic]
    for topic in {one.topic for one in PICTURES}
}
