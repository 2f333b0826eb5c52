"""The portal, one room a capability. A room imports from rooms above it on this page and no other.

standards       texts, names, credit codes, ID numbers, dates, money: pure, by published standard
places          provinces, counties, townships, key counties, authorities
audit           the sealed trail of every write
access          who signs in, what a role may do, how far a grant reaches
procedures      办理: the life of whatever has states, declared once; decisions, reviews, who waits
personal_data   sealing, masking and revealing of ID numbers, phones, bank accounts
web             requests, transactions, pages: the frame that every view stands in
jobs            后台任务: what outlives a request, done item by item, each item once
outbox          消息: what a person is told in the portal, once, if it still holds
accounts        opening accounts and granting roles, always by two administrators
feedback        投诉建议: what people tell the administrators, and the answers
disclosures     a sealed value shown in clear, for a reason, so many an hour
files           附件: sealed files of a person, an organisation, a pairing, a day
calendar        statutory working days
programme       programme, work years, dated policy, allocation table
documents       公文与报表: described once, rendered as page, PDF, Word, workbook; issued by number
compliance      what the plan asks, what is there, what is missing, until when
totals          the sums of a pairing and work year, kept with the rows
pairings        one-to-one, for a county, in a work year, once both provinces have said yes
organisations   who sends and who receives
people          who works, with which certificate
staffing        people assigned to a pairing, and whether they qualify
months          月份: declared complete by its person, so that "forgot" differs from "did not work"
workdays        log, hand in, take back; what a day is worth, and how it stands
activities      集体活动: one activity written for several people, each confirms the own day
corrections     an approved day is changed by an entry that is approved in its turn
confirmations   confirm, approve, return; undone within ten minutes
disputes        异议: what the other side of a pairing says of a day; silence is consent
ledger          台账: every amount that moved, in double entry; balances that the database keeps
funding         资金: due, planned, approved, paid, received; what an organisation raised itself
spending        支出: claimed with its voucher, booked by another, sampled; what a source may pay
settlements     结算: a year of money handed in, settled by the province, carried over or returned
oversight       资金监管: how far money is used, what an auditor would ask, what was answered
attachments     the pages of those files, above the rooms on whose subjects they hang
changes         what a changed calendar, policy, person or pairing causes in other rooms: the doors
transfers       转付: passed on to the partner by an agreed item, confirmed by it, counted once
awards          证书奖补: what a province gives once for a certificate; claimed, verified, publicised, paid
summaries       the national summary, as a page and as files
maps            标准地图: an approved map with its number, uploaded by an administrator
dashboards      pictures, each with its table and its file
imports         every kind of record from a workbook; what it claims, a second person confirms
banklists       银行清单: what is to be paid goes to the bank as a workbook, and comes back as payments
papers          月报表、服务证明、结对情况表: what a person or a pairing has done, to keep and sign
search          finding a county, an organisation, a pairing, a person, a page; what was opened last
saved_views     the filters and the order of a list, kept under a name, shared with a role
help            one page a task, which rule is this, what is new, the tour
scheduling      what happens by itself, once, however many processes run
home            what must I do now, and how are we doing
design          the components of the pages, to look at
display         theme and density, rows and columns of lists: chosen by a browser
demo            the demonstration programme
"""
