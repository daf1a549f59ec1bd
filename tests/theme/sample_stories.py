# ruff: noqa: E501 - running text is kept on one line
"""Words of the invented Harrow Courier: headlines, people, a long story, hard cases."""

from stoppress.theme.shapes import Kind

STORIES: tuple[tuple[str, str, str, Kind], ...] = (
    (
        "",
        "Ferry pilots end their strike after a night in the customs house",
        "Both sides call it a draw. The first boat left at 5.40 with eleven passengers and a dog.",
        "report",
    ),
    (
        "Harbour",
        "Council votes to rebuild the Old Quay in stone, not concrete",
        "The dearer plan passed by one vote. Its author says it will outlast the argument.",
        "report",
    ),
    (
        "",
        "Why the river rose in a month without rain",
        "Engineers looked upstream, then up. The answer was on the mountain.",
        "explainer",
    ),
    ("Football", "Harrow Rovers go down to nine men and still win", "", "report"),
    (
        "After the vote",
        "Who gains if the toll bridge is free",
        "Shopkeepers on the east bank expect crowds; those on the west bank fear them. The ledgers of six years say both may be wrong.",
        "analysis",
    ),
    (
        "",
        "A library that lends out its librarians",
        "In Lower Pell you may borrow a person for an hour, and bring them back changed.",
        "report",
    ),
    (
        "",
        "We should stop counting trees and start counting shade",
        "A city promised ten thousand saplings. What people on Tanner Street need is four o’clock in July.",
        "opinion",
    ),
    (
        "Markets",
        "The night market packs up for the last time",
        "For sixty years the stalls opened at dusk below the viaduct. On Sunday the lamps went out, one after another.",
        "picture-story",
    ),
    ("", "Rye prices fall for a fourth week", "", "report"),
    (
        "Health",
        "Clinic on the islands gets a doctor, a boat and a budget",
        "The doctor comes on Mondays. The boat, a former pilot cutter, comes when called.",
        "report",
    ),
    (
        "",
        "Observatory hears a whistle in the ice",
        "Instruments meant for earthquakes have recorded a tone that rises through the night.",
        "report",
    ),
    (
        "Courts",
        "Judge asks both brothers to describe the same door",
        "The inheritance of a boatyard hangs on a hinge.",
        "report",
    ),
    (
        "",
        "The composer who writes for lifts",
        "Twelve floors, forty seconds: a form with strict rules and a captive audience.",
        "report",
    ),
    ("", "Bread tax is dropped, and nobody will say by whom", "", "report"),
    (
        "Schools",
        "Lessons move to the tram depot while the roof is mended",
        "Pupils of Saint Orrin’s have voted to keep the bell.",
        "report",
    ),
    (
        "",
        "What the new ferry timetable means for you",
        "Fewer boats at noon, more at six, and a night crossing on Fridays.",
        "explainer",
    ),
)
PEOPLE = ("Ines Calloway", "Tobias Rønne", "Mirela Vance", "Paul Adeyemi-Hart", "Saoirse Lindqvist")
ALT_TEXTS = (
    "Two ferries side by side in fog, their lamps lit",
    "Masons cutting pale stone beside the river",
    "A stream of meltwater running through a village street",
    "Market stalls below a viaduct at dusk",
    "A librarian and a boy reading on a bench",
    "A pilot cutter tied up at an island pier",
    "An ice field with a row of instruments",
    "Numbered planks stacked on a quay",
)
BODY = (
    "<p>Five hours of talks in the old customs house ended before dawn with a page and a half of handwriting, two signatures, and a promise that the ferries on the Senn would run again by breakfast. They did. The first left Harrow Quay at 5.40 with eleven passengers, a dog, and the woman who had written most of the page.</p>",
    "<p>“We did not win and we did not lose,” said <b>Odile Marsh</b>, who has steered boats on the river for 31 years and spoke for the pilots. “We were heard, which took eleven days.” The harbour office, whose chairman left by the side door, said in a statement that it was <i>content with the outcome</i> and would publish the text once it had been typed.</p>",
    '<p>At issue was a timetable drawn up in spring by a consultancy that, by its own account, had never crossed the river in winter. It asked pilots to make the passage in fourteen minutes. In fog, they say, it takes as long as it takes; see <a href="/explainers/fog/">how fog forms on the Senn</a>.</p>',
    "<p>The agreement, a copy of which the Courier has read, leaves the fourteen minutes in place from April to September and drops any number for the rest of the year. In return the pilots will keep a log, open to anyone who asks, of every crossing and what slowed it.</p>",
    "<p>That log was the idea of a passenger. Henrike Solvang, a retired schoolteacher who takes the 7.10 each day, had been keeping one since 2019 in a series of green notebooks. She was asked to bring them to the customs house at midnight, and was still reading aloud from them at two.</p>",
    "<p>What happens next depends on the water. The council must still find money for a third boat, and the bridge, free of tolls since the summer, has taken a fifth of the passengers. Nobody on the quay this morning thought that it would take the rest.</p>",
    "<p>“A bridge is a promise that you keep every morning,” Ms Marsh said, casting off. “So is a boat.”</p>",
)
POINTS = (
    "No fixed crossing time from October to March.",
    "A public log of every crossing, kept by the pilots.",
    "A third boat “as soon as the budget allows”, with a <b>report every quarter</b>.",
)
TABLE = (
    ("Month", "Ferry", "Toll bridge", "Free bridge", "Footpath"),
    ("June", "4,210", "2,930", "–", "310"),
    ("July", "3,980", "–", "6,120", "280"),
    ("August", "3,450", "–", "6,840", "330"),
    ("September", "3,310", "–", "7,010", "290"),
)
FACTS = "<p>The Senn is <b>212 km</b> long and freezes at Harrow about once in nine years. Three ferries, two bridges and one tunnel, begun in 1908 and never finished, cross it.</p>"
LONG_HEADLINE = (
    "After eleven days without a ferry, a night of talks in the customs house, a page and a half of handwriting, the "
    "unexpected testimony of a retired schoolteacher with nine green notebooks, and the quiet departure of a chairman by "
    "the side door, the pilots of the Senn agree to sail again, on terms that each side is free to call a draw and that "
    "neither, so far as anyone on the quay this morning could tell, entirely understands yet"
)
ENDLESS_WORD = (
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 3
)
FRENCH = {
    "kicker": "Port",
    "headline": "À l’île aux Bœufs, la grève s’achève après un été agité",
    "standfirst": "Ça n’a l’air de rien : dès lundi, les bacs reprennent, et le maïs arrive enfin.",
    "body": (
        "<p>Après dix-neuf jours d’arrêt, les équipages ont voté la reprise. « Nous n’avons jamais "
        "été aussi près du naufrage », reconnaît Éloïse Kœnig, qui dirige la régie des bacs, où "
        "l’on espérait tenir jusqu’à Noël. Çà et là, des passagers dînaient déjà sur le quai.</p>",
        "<p>Le médiateur avait <em>suggéré</em> un aménagement des horaires : <strong>quatorze "
        "traversées</strong> au lieu de seize, plus d’embarquement après la tombée de la nuit, "
        "et une prime de brouillard dont le coût reste à établir.</p>",
    ),
}

ARABIC = {
    "headline": "المدينة القديمة تستعيد سوقها بعد عشر سنوات من الترميم",
    "kicker": "مدن",
    "standfirst": "فتح التجار أبواب دكاكينهم عند الفجر، ووقف الأطفال ينظرون إلى القناديل وهي تُضاء واحدًا بعد آخر.",
    "body": (
        "<p>عاد الباعة إلى السوق المسقوف صباح الأحد، بعد عقد كامل من أعمال الترميم التي تعاقب عليها ثلاثة مهندسين وأربعة مواسم من المطر. وقال أكبرهم سنًّا، وهو خيّاط في الثمانين، إنه وجد دكانه كما تركه، إلا أن الباب صار يُغلق.</p>",
        "<p>وأضاف أن الجيران اتفقوا على أن تبقى الممرات بلا إعلانات، وأن يُكتب اسم كل صنعة على حجر عند مدخلها، كما كانت العادة في زمن أجدادهم.</p>",
    ),
}
CHINESE = {
    "headline": "山谷里的最后一班夜车停运前，乘客写下了三千封信",
    "kicker": "铁路",
    "standfirst": "六十年来，列车每晚十一点驶过青石桥。上周日，它最后一次鸣笛。",
    "body": (
        "<p>列车员何文远在这条线路上工作了三十四年。他说，最难忘的不是风雪，而是每年秋天有一位老人在第三节车厢放下一篮柿子，从不留名。</p>",
        "<p>停运的消息传开以后，乘客们开始写信。信件被钉在候车室的木墙上，一层又一层，直到看不见墙。铁路方面表示，这些信将全部保存下来，车站也会改作图书馆。</p>",
    ),
}
