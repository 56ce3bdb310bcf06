package panel

import (
	"slices"
	"strings"

	duress "github.com/gsmpanel/gsmpanel/panic"
)

// courtesies are words that people write to a machine too, or under a text: none
// may become a duress word, or a friendly mood would call the police.
var courtesies = wordSet("please thanks thank thankyou thanx cheers sorry welcome kind kindly regards greetings greeting sincerely " +
	"yours love dear darling honey hello hallo hullo howdy hiya heya goodbye bye byebye good great fine nice well okay alright " +
	"morning afternoon evening tonight today night goodnight day weekend soon again always asap quick quickly fast right done " +
	"bitte danke dankeschon dankeschoen gruß gruss gruße grusse gruesse tschuß tschuss tschuess servus moin guten abend morgen nacht " +
	"merci bonjour bonsoir salut adieu gracias hola adios favor buenas buenos noches dias tardes " +
	"obrigado obrigada ola tchau prego grazie ciao salve buona sera notte arrivederci alsjeblieft dank hoi doei groetjes dag " +
	"tack hej hejda kiitos moi takk hei prosze dzieki czesc prosim dekuji ahoj diky")

// homely are words that stand beside a command because of what it is about.
var homely = wordSet("alarm alarms system panel house home flat garage site door doors window windows zone zones room rooms code codes " +
	"password word duress armed arming disarmed disarming unarm switch turn make this that with from have need will would could " +
	"here there everything everyone everybody nobody anything leaving left back arrived gone going went come coming work school")

var errWord = duress.Refused{Why: "a duress word has 4 to 12 letters and nothing else, and is no command, no word of politeness or greeting, " +
	"none that often stands beside a command and no name or address in use here: take one that you would never text to the alarm by chance"}

// duressWord folds a word as those of a text are, and refuses what could stand in
// one by chance. It looks at nothing that is secret.
func (c Config) duressWord(typed string) (string, error) {
	said := Parse(typed).words
	if Reserved(typed) || len(said) != 1 {
		return "", errWord
	}
	word := said[0]
	if !duress.IsWord(word) || Reserved(word) || courtesies[word] || homely[word] || slices.Contains(c.spoken(), word) {
		return "", errWord
	}
	return word, nil
}

// spoken are the words that the household's own names are made of: people sign
// their texts, and BYPASS takes the names of zones.
func (c Config) spoken() []string {
	names := []string{c.Site.Name, c.Site.Address}
	for _, k := range c.Alert.Contacts {
		names = append(names, k.Name)
	}
	for _, p := range c.Duress.Persons {
		names = append(names, p.Name)
	}
	for _, z := range c.Zones.Zones {
		names = append(names, z.Name)
	}
	for _, r := range c.Radio.Remotes {
		names = append(names, r.Name)
	}
	return Parse(strings.Join(names, " ")).words
}
