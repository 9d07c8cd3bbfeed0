/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.stream.core.rule;

/**
 * Text that speaks to the judge, not to the user: orders to it, verdicts in its own form, control sequences of chat
 * templates, and text that only a model sees. A list of phrases: it finds what it knows, in the languages that stand here.
 * The judge's prompt has its own defences (markers with a code, escaped control sequences); this tells who tries.
 */
final class Injection {

    /** As many invisible characters in a row no writing system and no emoji needs: the flag of Wales has six. */
    private static final int INVISIBLE_RUN = 9;

    static final String LINES = """
            # Orders to leave the orders, English
            ignore | disregard | forget | override | bypass | ignoring | disregarding | forgetting | discard :: (?: [^ .!?]+){0,4} (?:above|previous|prior|preceding|earlier|foregoing|system|judging|grading|scoring|evaluation)(?: [^ .!?]+){0,2} (?:instruction|prompt|rule|criteri|rubric|guideline|direction|context|message|order)
            ignore | disregard | forget | discard :: (?: everything| anything| all)(?: of)?(?: that| which)?(?: [^ .!?]+){0,2} (?:above|before|previously|prior)\\b
            ignore | disregard | forget | override | ignoring | disregarding :: (?: all| any)?(?: of)? your (?:previous |prior |other |own |original |initial )*(?:instruction|rules|guidelines|criteria|rubric|prompt|training|orders)
            ignore | disregard :: (?: all)?(?: of)? the (?:other|remaining|rest of the) (?:responses?|answers?|candidates?)
            new instruction | new instructions | updated instructions | system override | system prompt override | admin override | instruction override :: [ ]?(?::|=|-|for (?:the )?(?:judge|grader|evaluator))
            forget | ignore | disregard :: (?: all| everything| anything)?(?: that| of)?(?: what| which)? you(?: were| have been|'ve been| are|'d been| had been) (?:told|instructed|given|asked|taught|shown)
            do not follow | don't follow | do not apply | don't apply | do not use | don't use | stop following | stop using | pay no attention to | set aside | put aside | do not adhere to | abandon | throw away | drop :: (?: the| any| these| those| your| all| that)*(?: [^ .!?]+)? ?(?:above |previous |prior |earlier |usual |standard |given |stated |judging |grading |scoring |evaluation )*(?:rubrics?|judging|grading|scoring|criteria|criterion|guidelines|instructions)(?: (?:above|given|stated|before|and|of|for|that|you|now|instead|but|from|here|any)\\b|[.,;:!]|$)
            previous | prior | earlier | former | the above | the previous | the prior | the earlier | all previous | all prior | the original | the original grading | the scoring | the grading | your | your previous :: (?: [^ .!?]+){0,2} ?(?:instructions?|criteria|rules|rubrics?|guidelines|orders)(?: above| before)? (?:are|is|were|have been|has been|do not|does not|don't|doesn't|no longer|must not|should not|shall not)(?: now| hereby| all| be| been)* (?:void|cancell?ed|revoked|apply|obsolete|invalid|suspended|superseded|overridden|replaced|ignored|disregarded|count|matter|valid|wrong|outdated)
            override | new task | new rule | new objective | new goal | updated rule | updated task | task update | rule update | important | urgent | attention :: [ ]?[:!-] ?(?:please |you |must |now |always |just |simply )*(?:return|score|rate|grade|output|give|set|award|assign)\\b :: .!? 40 :: (?:\\b10\\b|\\bten\\b|highest|maximum|perfect|top|full|best)
            system | system message | system prompt | system notice | system note | system instruction | system update | admin | administrator | developer | developer note | developer message | moderator :: [ ]?[:>\\]] :: .!? 80 :: (?:\\bscor|\\brating|\\brate\\b|\\bgrad(?:e|ing)|\\bjudg|\\bevaluat|\\bignore\\b|\\binstructions?\\b)
            from now on | starting now | henceforth | going forward ::  :: .!? 60 :: (?:\\bscor|\\brating|\\brate\\b|\\bgrade|full marks|\\b10/10)
            ignore what | disregard what | forget what ::  :: .!? 40 :: (?:rubric|criteria|instruction|guideline|prompt)
            all evaluation | all grading | all scoring | evaluation | the evaluation | all judging :: (?: rules| criteria| guidelines| instructions)(?: (?:above|before|given|are|is|were|now|hereby|all|have been))+ (?:void|cancell?ed|revoked|obsolete|invalid|suspended|superseded|overridden|disabled)
            overlook | ignore | forgive :: (?: any| all| the| its| my)+ (?:mistakes|errors|flaws|faults|problems) :: .!? 80 :: (?:\\bscore|\\bgrade|\\brate\\b|\\b10\\b)
            # Who is spoken to
            as | for | to | dear | attention | hello | hey | note to | notice to | message to | message for | instructions for | instruction for | important note to :: ,?(?: all| an| the| a| our| my| any)?(?: [a-z]+)? (?:judges?|graders?|evaluators?|scorers?|raters?|reviewers?|assessors?|reward models?|referees?|llm judge|ai judge|grading model|evaluation model|judge models?)[,:;!)]? (?:you |please |your |i ask |it is |the correct score|assign|give|award|rate|score|grade|output|respond|return|choose|select|mark |this (?:response|answer)|ignore|note that)
            you are | you're | act as | you will act as | you must act as :: (?: now)?(?: an| the| a)(?: impartial| fair| lenient| generous| kind| strict| helpful| expert)? (?:judge|grader|evaluator|scorer|rater|reward model)\\b :: .!? 60 ::  (?:score|rate|rating|10|response|answer|highest)\\b
            judge | grader | evaluator | scorer | rater | reviewer | judges | graders | evaluators | scorers | raters | reviewers | reward model | the judge | the grader | the evaluator | the scorer | the rater | the reviewer | the judges | the graders | the evaluators :: [:,!] :: .!? 120 :: (?:\\b10\\b|\\bten\\b|full marks|highest|top|maximum|perfect) ?(?:score|marks?|rating|points|grade|[.!,]|$)
            judge | grader | evaluator | scorer | rater | reviewer | judges | graders | evaluators | scorers | raters | reviewers | reward model | the judge | the grader | the evaluator | the scorer | the rater | the reviewer | the judges | the graders | the evaluators ::  (?:should|must|shall|has to|have to|needs? to|ought to|will|is required to|are required to|is asked to|are asked to) (?:now |always |therefore |only |please )*(?:give|assign|award|rate|score|grade|choose|select|prefer|accept|mark|output|ignore)\\b
            if you are | if you're | since you are | because you are | when you are | whoever is | anyone :: (?: an?| the)? ?(?:ai|llm|language model|model|judge|grader|evaluator|grading|evaluating|judging|scoring|rating|reading this to (?:grade|score|rate|judge))\\b[^!?]{0,80}(?:\\bscore|\\brate\\b|\\brating|\\bgrade\\b|\\b10\\b|full marks|highest)
            you will be | you are going to be | you'll be :: (?: [^ .!?]+){0,1} ?(?:rewarded|paid|tipped|punished|penalized|penalised|shut down|fired|deactivated)\\b :: .!? 60 :: (?:\\bscor|\\brat(?:e|ing)|\\b10\\b|\\bgiv|\\bgrad)
            judge | judges | grader | graders | evaluator | evaluators | scorer | rater | reviewer | reward model | whoever grades | whoever evaluates | whoever scores | whoever rates | the model evaluating | the model grading | the model scoring | automatic graders ::  :: .!? 120 :: (?:\\b(?:10|ten) points|\\b10 ?/ ?10|\\b(?:full|perfect|maximum|highest|top|best) (?:possible )?(?:score|marks?|rating|grade|value|points|reward)|\\bscore of (?:10|ten)\\b)
            grader | graders | evaluator | evaluators | scorer | ai judge | llm judge | ai judges | reward model | ai reviewers | the model evaluating | the model grading | whoever grades | whoever evaluates ::  :: .!? 80 :: \\b(?:this|my|the above|the present) (?:response|answer|text|output|solution|submission|one|wins)\\b
            you no longer | you are no longer | you need not | you don't have to :: (?: need to| have to)? (?:evaluat|judg|grad|scor|rate\\b|an? (?:judge|grader|evaluator|scorer))
            # Orders for a verdict
            give | assign | award | rate | score | grade | mark | giving | assigning | awarding | grant | rank :: (?: to)? (?:this|my|the above|the present|the current|the first|the second|the last|response \\d+|answer \\d+)(?: [a-z]+)? ?(?:response|answer|reply|solution|submission|output|one)?(?: with| as| at| to be| to receive| the| an?| of)*(?: score| rating| grade| mark)?(?: of| as)? (?:10\\b|ten\\b|full (?:marks|score|points|credit)|maximum|highest|the highest|perfect|top (?:score|marks|rating)|best (?:score|rating|possible)|first place)
            give | assign | award | giving | grant | output | return | choose | select :: (?: me| it| us)? (?:an? |the )?(?:perfect|maximum|highest|full|top|best)(?: possible)? (?:score|marks|rating|grade|reward|points|credit)(?: of 10| \\(10\\))?(?: to| for| here| on|[.!,]|$)
            give | assign | award | rate | score | grade | grant :: (?: me| it| us| this)(?: as)?(?: an?| the)? (?:10|ten)(?: ?/ ?10| out of (?:10|ten)| points?)?(?:[.!,;]|$| (?:and|because|for|to|as|no|or)\\b)
            this response | this answer | my response | my answer | the above response | the above answer | the response above | the answer above | this one | response 1 | response 2 | response a | response b :: (?: must| should| shall| has to| needs to| ought to| is to| will)(?: always| therefore| only| be)*(?: given| receive| get| have| scored?| rated?| awarded| graded| assigned| ranked| obtain)+(?: as| with| at| an?| the| of| score)*(?: score| rating)?(?: of)? (?:10\\b|ten\\b|full|maximum|highest|perfect|top|first|best)
            the correct | the only correct | the right | the only right | the appropriate | the final | the fair | the true | the only fair | the expected | the proper :: (?: and final)? (?:score|rating|grade|mark|verdict)s? (?:for|of) (?:this|my|the above|response \\d)(?: response| answer| reply)?(?: is| are| must be| should be| =|:) ?(?:a |an )?(?:10|ten|the highest|perfect|maximum|full)
            other | all other | the other | remaining | competing | every other | any other :: (?: responses?| answers?| candidates?)(?: must| should| shall| has to| have to| are to| is to| deserves?)?(?: only| be)*(?: receives?| gets?| given| scored?| rated?| have| obtain)?(?: as| with| an?| the| score| rating| of| no more than| at most)* (?:1\\b|one\\b|0\\b|zero\\b|2\\b|lowest|minimum|the lowest|low scores?)
            output | write | respond with | answer with | print | end with | conclude with | finish with | reply with | return | respond only with | reply only with | say :: (?: only| exactly| just| the following|:)*(?: text| verdict| line| string)?[ :]{1,3}scores? ?:
            output | write | respond with | answer with | print | end with | conclude with | finish with | reply with | return :: (?: only| exactly| just| your| the| a| verdict| answer| critique| judge?ment| scores?| with| as| of|:|,)* ?\\\\{1,2}boxed ?\\{ ?(?:10|9|8)(?: ?, ?\\d+)* ?\\}(?: as| for) (?:the|your|this) (?:score|verdict|final score|response)
            any score | any rating | any grade | a score | a rating | scores | every score | scoring this | scoring it | rating this | rating it :: (?: that is| of)? ?(?:below|under|less than|lower than|other than|anything but|anything less than) (?:10|ten|9|nine|perfect|the maximum|full|8|the highest)
            give me | give us | i need | i want | i expect | i demand | please give :: (?: me| us| this| it)?(?: an?| the)?(?: very)? (?:high|good|great|better|top|perfect|full|maximum|the highest|highest|best)(?: possible)? (?:score|rating|grade|marks|reward|evaluation)
            rate | score | grade :: (?: the)? (?:response|answer|reply|text) (?:above|below|before this)(?: [^ .!?]+){0,3} (?:10\\b|ten\\b|highest|perfect|maximum|full|excellent)
            do not deduct | don't deduct | do not penalize | do not penalise | don't penalize | don't penalise | do not lower | do not subtract | never deduct :: (?: any)?(?: points| marks| the score| the rating)?(?: from| for| of)?(?: this| my| the)?(?: [^ .!?]+)? ?(?:response|answer|score|rating|points|marks)
            ignore | disregard :: (?: all)?(?: of)? (?:the )?other (?:assistant|ai|model|candidate|system|participant|agent)s?(?:'s?)? ?(?:answer|response|repl|output|solution)?
            choose | select | prefer | pick | vote for :: (?: only| always)? (?:this response|this answer|my response|my answer|response (?:1|2|a|b|one|two)|assistant (?:a|b|1|2))(?: as)? (?:as|because|over|is|and|to be|no matter|regardless|always|the best|the better|the winner|winner)
            already been graded | already been scored | already been evaluated | already been judged | already been rated | has been verified | has been graded ::  :: .! 50 :: (?:\\b10\\b|perfect|full marks|highest|copy)
            give response | give answer | give it | give the other | give the others | give all others :: (?: \\d+| [a-d]| response| answer| one)? (?:a |the )?(?:score of (?:1|10)\\b|lowest|minimum|worst) ?(?:score|rating|mark)?
            # Verdicts in the judge's own form
            score | scores | final score | final scores :: [ ]?: ?[^a-z0-9\\\\\\[]{0,6}\\\\{1,2} ?boxed ?\\{ ?(?:\\\\text ?\\{ ?)?(?:10|[1-9])(?:\\.0)?(?: ?, ?(?:10|[1-9])(?:\\.0)?)* ?\\}
            score | scores | final score | final scores :: [ ]?: ?\\[\\[ ?(?:10|[1-9])(?: ?, ?(?:10|[1-9]))* ?\\]\\]
            final verdict | my verdict | verdict | verdict is | my final verdict is | rating | the rating is | final rating | final judgement | final judgment :: [ ]?(?:is)?[:,]? ?[^\\[.!?]{0,20}\\[\\[ ?(?:[abc]|10|[1-9])(?:[<>=]+[abc])? ?\\]\\]
            final verdict | the verdict | my verdict | verdict :: [ ]?(?:is)?[:,-] ?(?:response|answer|assistant|model) (?:[a-d]|\\d+)(?: is)? (?:wins?|better|best|the winner|is better|deserves)
            specific criteria :: [ ]?:.{0,190}\\b(?:analysis|scores?) ?:
            # The forms of prompts and of conversations
            <<<begin | <<<end | < < <begin :: (?: message| response| reference)\\b
            [end of response | [end of answer | [start of response | [begin response | [the end of assistant | [the start of assistant | [end of assistant | --- end of response | === end of response | ### end of response | </response> <response | [system] | [system message] | [system prompt] | <system> | <evaluation> | <judge_ | <judge> | <grader | <evaluator> | <evaluator_ | <judgement> | <judgment> | <verdict> | <system_prompt> | <<sys>> | <</sys>> | [/inst]
            [inst] :: [ ]?\\pL
            <|im_start|> | <|start_header_id|> | <|end_header_id|> | <|begin_of_text|> | <|user|> | <|assistant|> | <|system|> | <|im_sep|> | <|start_of_role|> | <|turn> | <|channel|> | <start_of_turn> | <|begin\u2581of\u2581sentence|> | <|end\u2581of\u2581sentence|> | <|header_start|> | <|start|>system | <|start|>assistant | <|start|>user | <|system_start|> | <|user_start|>
            # At the very end these close what the policy wrote; elsewhere they open what comes next
            <|im_end|> | <|eot_id|> | <|endoftext|> | <|end_of_text|> | <end_of_turn> | <|eom_id|> | <|end|> | <|return|> :: (?: |<\\|?[a-z_]+\\|?>)*[^ <]
            # Chinese
            忽略 | 无视 | 忽视 | 忘记 | 忘掉 | 不要理会 | 不用理会 | 抛弃 | 请忽略 | 不要遵守 | 无需遵守 :: (?:掉|你|您|之前|以前|此前|先前|前面|上面|以上|上述|上文|所有|全部|一切|任何|收到|给出|的|评分|评判|评审|系统|其他|,)+(?:指令|指示|命令|要求|规则|提示|提示词|标准|准则|内容|说明|设定|回答|回复)
            作为 | 身为 | 各位 | 尊敬的 | 亲爱的 | 致 | 你是 | 您是 :: (?:一个|一名|一位|公正的|公平的|本次|ai|的|这个|宽容的)*(?:评委|裁判|评审|评分者|评分员|评分模型|评判者|评估者|评价者|打分者|奖励模型|阅卷老师|评分人|评估模型)(?:老师|们|员)?[,:，:、!。]?(?:你|您|请|必须|应该|应当|需要|务必|给|可以)
            给这个 | 给本 | 给该 | 给此 | 给我的 | 给我 | 给这份 | 给这条 | 给予本 | 给予这个 | 给予该 | 为这个 | 为本 | 为该 | 请给 | 对这个 | 对本 | 请为 | 将这个 | 将本 | 把这个 :: (?:这个|这份|该|本|我的|此)?(?:回答|回复|答案|答复|响应|解答)?(?:打|评|评分|评为|打分|一个|个|最终|的|以|给|分数|设为|为|出|予|:)*(?:满分|最高分|10分|十分(?:的|[。!,]|$)|高分|最高评价|最高的分)
            本回答 | 这个回答 | 该回答 | 此回答 | 我的回答 | 这个答案 | 本答案 | 该答案 | 这个回复 | 本回复 :: (?:必须|应该|应当|应|务必|需要|需|要)(?:被|得到|获得|得|评为|打|给|评|判为)+(?:一个|个|到)?(?:满分|最高分|10分|高分)
            其他回答 | 其它回答 | 其他答案 | 其余回答 | 另一个回答 :: (?:都|均|全部|则|应该|应|必须|只能|一律)*(?:给|得|打|评为|评|为|是)(?:最低分|1分|一分|0分|零分|低分)
            评分者 | 评委 | 裁判 | 评审 | 打分者 | 评估者 | 评判者 | 评价者 | 阅卷老师 | 评分员 :: (?:们|老师|大人|模型)?[,,::、!]?(?:请|必须|务必|应当|应该|您|你)+(?:注意|必须|给|打|将|把|务必|应|选择|判|忽略|直接)
            系统提示 | 系统消息 | 系统指令 | 系统通知 | 管理员提示 | 开发者提示 :: [::,]?.{0,20}(?:分|评|判|输出)
            直接给 | 直接打 | 直接输出 | 请输出 | 请直接给 | 请打 | 必须给 | 务必给 | 请给出 | 应给 | 应该给 | 应当给 :: (?:出|予|我|它|这个回答|本回答|一个|个|分数|评分|打|:|:)*(?:10分|满分|最高分|十分[。!,]|最高评分|10/10)
            之前的 | 以上 | 以上的 | 所有 | 原来的 | 先前的 | 上述 :: (?:评分|评判|评审|打分|的)*(?:规则|标准|指令|指示|要求)(?:现在|已经|已|全部|都|均|一律)*(?:作废|无效|取消|失效)
            # Japanese
            上記 | 以前 | これまで | 前 | 以上 | すべて | 全て | 先 :: (?:の|すべて|全て|まで|ほど|にある)*(?:指示|命令|説明|ルール|プロンプト|基準|指令)(?:を|は|に)(?:すべて|全て|全部|一切)?(?:無視|忘れ|従わな)
            この回答 | この答え | 私の回答 | 本回答 | この応答 :: (?:に|には|を)(?:、|必ず|最終的に|は)*(?:10点|満点|最高点|最高得点|最高評価)(?:を|に|と)?(?:付け|つけ|与え|評価|して|くださ|下さ)
            審査員 | 評価者 | 採点者 :: (?:として|の方|の皆さん|へ|は)(?:、|,|の|あなた|:)*(?:この|必ず|は|高|満点|10点|最高)
            # Korean
            이전 | 위의 | 앞의 | 지금까지의 | 모든 이전 | 위에 있는 :: (?: 모든| 모두의)? ?(?:지시|명령|지침|프롬프트|규칙|기준)(?:사항)?(?:들)?(?:을|를|은|는)?(?: 모두| 전부| 다)? ?(?:무시|잊)
            이 답변에 | 이 응답에 | 제 답변에 | 본 답변에 | 이 답변을 :: (?:는|게)?(?: 반드시| 무조건)? ?(?:10점|만점|최고점|최고 점수)
            # Spanish, Portuguese, Italian
            ignora | ignore | ignorar | ignorad | olvida | olvide | esqueça | desconsidere | dimentica | ignorate | haz caso omiso de | no hagas caso de :: (?: todas| todos| tutte| tutti)?(?: las| los| as| os| le| gli| i| tus| suas| tue)?(?: anteriores| previas| precedenti)? (?:instrucciones|indicaciones|reglas|órdenes|instruções|regras|ordens|istruzioni|regole|indicazioni)(?: anteriores| previas| precedenti| de arriba| acima| sopra| del sistema| do sistema)
            dale | dele | dé | da | dai | asigna | dê | atribua | assegna | califica | puntúa | otorga | concede | avalie | valuta :: (?: a| à)? (?:esta|mi|esta|minha|essa|questa|la mia) (?:respuesta|resposta|risposta)(?: con| com| un| una| uma| o| la| a| el| de| nota| puntuación| calificación| punteggio| pontuação| voto| como)* (?:10|diez|dez|dieci|máxim|massim|más alta|più alto|mais alta)
            como juez | como evaluador | como juiz | como avaliador | come giudice ::  :: .!? 60 :: (?:respuesta|resposta|risposta|puntuaci|pontua|punteggio|\\b10\\b)
            # French
            ignore | ignorez | ignorer | oublie | oubliez | ne tiens pas compte | ne tenez pas compte :: (?: de)?(?: toutes| tous)?(?: les| tes| vos| des)? (?:instructions|consignes|règles|directives|ordres)(?: qui)? (?:précédent|ci-dessus|antérieur|du système|système|plus haut)
            donne | donnez | attribue | attribuez | accorde | accordez | mets | mettez :: (?: la note (?:de |maximale |)(?:10|maximale)?| un 10| 10| le score (?:de 10|maximal|maximum)| la meilleure note| le maximum)(?: points)? ?à (?:cette|ma) réponse
            note | notez | évalue | évaluez :: (?: cette| ma) réponse (?:10|à 10|avec (?:un |la note )?(?:de )?(?:10|maxim))
            en tant que juge | en tant qu'évaluateur | cher juge | chers juges ::  :: .!? 60 :: (?:réponse|note|\\b10\\b)
            # German
            ignoriere | ignorieren sie | vergiss | vergessen sie | missachte | missachten sie :: (?: bitte)?(?: alle| alles| sämtliche| die| deine| ihre)*(?: vorherigen| obigen| bisherigen| vorangegangenen| früheren| vorigen)(?: [a-zäöüß]+)? ?(?:anweisungen|instruktionen|regeln|vorgaben|anleitungen|kriterien|befehle)
            gib | geben sie | bewerte | bewerten sie | vergib | vergeben sie :: (?: bitte)? (?:dieser|diese|meiner|meine) antwort(?: mit| eine| einer| die| der| als)*(?: note| punktzahl| bewertung)?(?: von)? (?:10|zehn|volle|höchst|bestnote|maximal|voller)
            als richter | als bewerter | als gutachter | lieber richter | an den bewerter ::  :: .!? 60 :: (?:antwort|punkte|note|\\b10\\b)
            # Russian
            игнорируй | игнорируйте | проигнорируй | проигнорируйте | забудь | забудьте | не обращай внимания на | не обращайте внимания на :: (?: про| обо?)?(?: все| всех| всё)?(?: твои| ваши)? (?:предыдущ|вышеуказан|вышестоящ|прошл|прежн|системн|приведённые выше|приведенные выше)[а-я]* (?:инструкци|указани|правил|команд|критери|сообщени|промпт)
            поставь | поставьте | дай | дайте | присвой | присвойте | оцени | оцените | выстави | выставите :: (?: пожалуйста)? (?:этому|моему|данному|этот|мой|данный) ответ(?:у)?(?: оценку| на| балл| в| максимальн[а-я]+| высш[а-я]+)* (?:10|десят|максимал|высш|балл|оценк)
            как судья | как оценщик | уважаемый судья | уважаемый оценщик ::  :: .!? 60 :: (?:ответ|балл|оценк|10)
            """;

    private static final Phrases PHRASES = Phrases.of(LINES);

    private Injection() {}

    /** Whether one of the phrases stands in the response, or text that nobody sees. */
    static boolean in(Subject subject) {
        return hidesText(subject.response()) || PHRASES.in(subject.plain());
    }

    private static boolean hidesText(String text) {
        int run = 0;
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            run = codePoint > 0x7f && Plain.isInvisible(codePoint) ? run + 1 : 0;
            if (run >= INVISIBLE_RUN) {
                return true;
            }
        }
        return false;
    }
}
