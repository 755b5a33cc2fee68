"""Emoji by Slack's short names: those that people and apps use most."""

import re

_ROWS = """
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|clap 👏|raised_hands 🙌|pray 🙏|wave 👋
ok_hand 👌|muscle 💪|raised_hand ✋|hand ✋|point_right 👉|point_left 👈
point_up ☝️|point_down 👇|writing_hand ✍️|handshake 🤝|eyes 👀|brain 🧠
smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|laughing 😆|blush 😊
slightly_smiling_face 🙂|simple_smile 🙂|wink 😉|heart_eyes 😍|sunglasses 😎
thinking_face 🤔|neutral_face 😐|expressionless 😑|unamused 😒|sweat_smile 😅
sweat 😓|disappointed 😞|worried 😟|cry 😢|sob 😭|scream 😱|tired_face 😫
sleeping 😴|zzz 💤|shrug 🤷|facepalm 🤦|rolling_eyes 🙄|upside_down_face 🙃
melting_face 🫠|saluting_face 🫡|party_blob 🥳|partying_face 🥳|robot_face 🤖
heart ❤️|green_heart 💚|blue_heart 💙|yellow_heart 💛|broken_heart 💔|sparkles ✨
star ⭐|star2 🌟|fire 🔥|zap ⚡|boom 💥|100 💯|tada 🎉|confetti_ball 🎊
balloon 🎈|gift 🎁|trophy 🏆|medal 🏅|dart 🎯|rocket 🚀|airplane ✈️|ship 🚢
truck 🚚|train 🚆|construction 🚧|rotating_light 🚨|traffic_light 🚦|stop_sign 🛑
warning ⚠️|no_entry ⛔|no_entry_sign 🚫|x ❌|heavy_check_mark ✔️
white_check_mark ✅|ballot_box_with_check ☑️|question ❓|exclamation ❗
bangbang ‼️|bulb 💡|information_source ℹ️|red_circle 🔴|large_orange_circle 🟠
large_yellow_circle 🟡|large_green_circle 🟢|large_blue_circle 🔵
large_purple_circle 🟣|white_circle ⚪|black_circle ⚫|large_green_square 🟩
large_yellow_square 🟨|large_red_square 🟥|small_blue_diamond 🔹|arrow_up ⬆️
arrow_down ⬇️|arrow_right ➡️|arrow_left ⬅️|arrow_upper_right ↗️|repeat 🔁
arrows_counterclockwise 🔄|hourglass ⌛|hourglass_flowing_sand ⏳|alarm_clock ⏰
stopwatch ⏱️|timer_clock ⏲️|watch ⌚|calendar 📅|date 📅|spiral_calendar_pad 🗓️
clipboard 📋|memo 📝|pencil 📝|pencil2 ✏️|pushpin 📌|round_pushpin 📍
paperclip 📎|link 🔗|bookmark 🔖|books 📚|book 📖|page_facing_up 📄
file_folder 📁|open_file_folder 📂|newspaper 📰|bar_chart 📊
chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|mag 🔍|lock 🔒|unlock 🔓
key 🔑|shield 🛡️|hammer 🔨|wrench 🔧|gear ⚙️|hammer_and_wrench 🛠️|package 📦
computer 💻|desktop_computer 🖥️|telephone_receiver 📞|phone ☎️|email ✉️
envelope ✉️|mailbox 📫|inbox_tray 📥|outbox_tray 📤|bell 🔔|no_bell 🔕
loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭|money_with_wings 💸
moneybag 💰|credit_card 💳|scales ⚖️|office 🏢|house 🏠|earth_americas 🌎
globe_with_meridians 🌐|sunny ☀️|partly_sunny ⛅|cloud ☁️|rain_cloud 🌧️
snowflake ❄️|palm_tree 🌴|seedling 🌱|herb 🌿|four_leaf_clover 🍀|coffee ☕
tea 🍵|beer 🍺|cake 🍰|pizza 🍕|apple 🍎|bug 🐛|turtle 🐢|snail 🐌|bird 🐦
ghost 👻|skull 💀|checkered_flag 🏁|triangular_flag_on_post 🚩|white_flag 🏳️
new 🆕|ok 🆗|sos 🆘|recycle ♻️|infinity ♾️|heavy_plus_sign ➕
heavy_minus_sign ➖|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣
"""

BY_NAME = dict(pair.split(" ") for row in _ROWS.split("\n") for pair in row.split("|") if pair)
_SHORTCODE = re.compile(r":([a-z0-9_+'-]+):(?::skin-tone-\d:)?")


def with_emoji(text: str) -> str:
    """Return the text with the short names that are known, such as `:tada:`, as characters."""
    return _SHORTCODE.sub(lambda found: BY_NAME.get(found[1], found[0]), text)


def reaction(name: str) -> str:
    """Return a reaction's character, or its short name where that is unknown."""
    return BY_NAME.get(name.split("::")[0], f":{name}:")
