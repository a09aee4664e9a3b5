/**
 * The shortcodes that people and bots write most, by the sign they stand for. The full set has 1,900 and weighs
 * more than the rest of the page; whatever is missing here stays readable as its `:shortcode:`.
 */
const SIGNS = `
😀 grinning|😃 smiley|😄 smile|😁 grin|😆 laughing satisfied|😅 sweat_smile|😂 joy|🤣 rolling_on_the_floor_laughing rofl
🙂 slightly_smiling_face|🙃 upside_down_face|😉 wink|😊 blush|😇 innocent|😍 heart_eyes|🤩 star-struck|😘 kissing_heart
😋 yum|😜 stuck_out_tongue_winking_eye|🤔 thinking_face thinking|🤨 face_with_raised_eyebrow|😐 neutral_face|😏 smirk
🙄 face_with_rolling_eyes|😬 grimacing|😌 relieved|😴 sleeping|😎 sunglasses|🤓 nerd_face|😕 confused|😟 worried
☹️ white_frowning_face|😮 open_mouth|😲 astonished|😳 flushed|🥺 pleading_face|😢 cry|😭 sob|😱 scream|😤 triumph|😡 rage
🤯 exploding_head|🥳 partying_face|🤖 robot_face robot|👻 ghost|💀 skull|💩 hankey poop|🙈 see_no_evil
👍 +1 thumbsup|👎 -1 thumbsdown|👌 ok_hand|👏 clap|🙌 raised_hands|🙏 pray|🤝 handshake|💪 muscle|👋 wave|✌️ v
🤞 crossed_fingers|👉 point_right|👈 point_left|👆 point_up_2|👇 point_down|☝️ point_up|✋ hand raised_hand|👀 eyes|🧠 brain
🤷 shrug|🤦 face_palm facepalm|🙋 raising_hand|🧑‍💻 technologist|👩‍💻 female-technologist|👤 bust_in_silhouette|👥 busts_in_silhouette
❤️ heart|🧡 orange_heart|💛 yellow_heart|💚 green_heart|💙 blue_heart|💜 purple_heart|🖤 black_heart|💔 broken_heart
✨ sparkles|⭐ star|🌟 star2|💫 dizzy|💥 boom collision|🔥 fire|💯 100|🎉 tada|🎊 confetti_ball|🎈 balloon|🎁 gift|🏆 trophy|🥇 first_place_medal
✅ white_check_mark|☑️ ballot_box_with_check|✔️ heavy_check_mark|❌ x|❎ negative_squared_cross_mark|❓ question|❗ exclamation heavy_exclamation_mark
➕ heavy_plus_sign|➖ heavy_minus_sign|⚠️ warning|🚫 no_entry_sign|⛔ no_entry|🛑 octagonal_sign stop_sign|🚨 rotating_light|🆘 sos|🔴 red_circle
🟠 large_orange_circle orange_circle|🟡 large_yellow_circle yellow_circle|🟢 large_green_circle green_circle|🔵 large_blue_circle blue_circle
🟣 large_purple_circle purple_circle|🟤 large_brown_circle|⚪ white_circle|⚫ black_circle|🟥 large_red_square red_square|🟧 large_orange_square
🟨 large_yellow_square yellow_square|🟩 large_green_square green_square|🟦 large_blue_square blue_square|🟪 large_purple_square
⬜ white_large_square|⬛ black_large_square|🔺 small_red_triangle|🔻 small_red_triangle_down|🔸 small_orange_diamond|🔹 small_blue_diamond|🔘 radio_button
➡️ arrow_right|⬅️ arrow_left|⬆️ arrow_up|⬇️ arrow_down|↗️ arrow_upper_right|↘️ arrow_lower_right|↩️ leftwards_arrow_with_hook|↪️ arrow_right_hook
🔄 arrows_counterclockwise|🔃 arrows_clockwise|🔁 repeat|⏪ rewind|⏩ fast_forward|⏮️ black_left_pointing_double_triangle_with_vertical_bar
⏭️ black_right_pointing_double_triangle_with_vertical_bar|▶️ arrow_forward|⏸️ double_vertical_bar pause_button|⏹️ black_square_for_stop|⏏️ eject|🔀 twisted_rightwards_arrows
🚀 rocket|🚢 ship|⛵ boat sailboat|🛶 canoe|⚓ anchor|🚦 vertical_traffic_light|🚥 traffic_light|🚧 construction|🚂 steam_locomotive|🏗️ building_construction|🏭 factory
⏰ alarm_clock|⏱️ stopwatch|⏲️ timer_clock|⌛ hourglass|⏳ hourglass_flowing_sand|🕐 clock1|📅 date|📆 calendar|🗓️ spiral_calendar_pad
📈 chart_with_upwards_trend|📉 chart_with_downwards_trend|📊 bar_chart|📋 clipboard|📌 pushpin|📍 round_pushpin|📎 paperclip|🔗 link|📝 memo pencil|✏️ pencil2|🖊️ lower_left_ballpoint_pen
📁 file_folder|📂 open_file_folder|🗂️ card_index_dividers|📄 page_facing_up|📃 page_with_curl|📑 bookmark_tabs|📦 package|🗃️ card_file_box|🗄️ file_cabinet|🗑️ wastebasket|📜 scroll|📚 books|📖 book open_book|🔖 bookmark|🏷️ label
🔒 lock|🔓 unlock|🔐 closed_lock_with_key|🔑 key|🛡️ shield|🔨 hammer|🔧 wrench|🛠️ hammer_and_wrench|⚙️ gear|🧰 toolbox|🧪 test_tube|🧫 petri_dish|🔬 microscope|🔭 telescope|🧬 dna|⚖️ scales|🧯 fire_extinguisher|🧵 thread|🪄 magic_wand
🔍 mag|🔎 mag_right|💡 bulb|🔦 flashlight|🔔 bell|🔕 no_bell|📢 loudspeaker|📣 mega|💬 speech_balloon|💭 thought_balloon|🗯️ right_anger_bubble|📨 incoming_envelope|📩 envelope_with_arrow|✉️ email envelope|📬 mailbox_with_mail
💻 computer|🖥️ desktop_computer|📱 iphone|🔌 electric_plug|🔋 battery|💾 floppy_disk|💿 cd|🌐 globe_with_meridians|🌍 earth_africa|🌎 earth_americas|🌏 earth_asia|📡 satellite_antenna
🐛 bug|🐢 turtle|🐌 snail|🐙 octopus|🦄 unicorn_face|🐶 dog|🐱 cat|🦆 duck|🌱 seedling|🌳 deciduous_tree|🌊 ocean|🌈 rainbow|☀️ sunny|⛅ partly_sunny|☁️ cloud|🌧️ rain_cloud|❄️ snowflake|⚡ zap|☕ coffee|🍺 beer|🍕 pizza|🎂 birthday
💰 moneybag|💵 dollar|💳 credit_card|🎯 dart|🎲 game_die|🧩 jigsaw|🎬 clapper|🎨 art|🎵 musical_note|🏁 checkered_flag|🚩 triangular_flag_on_post|🏳️ waving_white_flag|ℹ️ information_source|🆕 new|🆗 ok|🆙 up|🔟 keycap_ten
1️⃣ one|2️⃣ two|3️⃣ three|4️⃣ four|5️⃣ five|6️⃣ six|7️⃣ seven|8️⃣ eight|9️⃣ nine|0️⃣ zero|#️⃣ hash|™️ tm|©️ copyright|®️ registered
`;

const BY_NAME = new Map(
  SIGNS.trim()
    .split(/[|\n]/)
    .flatMap((entry) => {
      const [sign = '', ...names] = entry.trim().split(' ');
      return names.map((name): [string, string] => [name, sign]);
    }),
);

/** The sign of a shortcode (`white_check_mark`), or null when it is not a known one. */
export function emojiSign(name: string): string | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}
