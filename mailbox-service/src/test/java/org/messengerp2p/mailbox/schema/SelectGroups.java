package org.messengerp2p.mailbox.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;

/** Cuts a statement into its queries: each CTE and sub-query by itself, without those inside it. */
final class SelectGroups {

    private static final Pattern OPENS_A_QUERY =
            Pattern.compile("\\(\\s*(select|insert|update|delete|with|values)\\b.*", Pattern.DOTALL);

    private SelectGroups() {}

    /** @param sql in lower case */
    static List<String> of(String sql) {
        List<String> groups = new ArrayList<>();
        Deque<StringBuilder> open = new ArrayDeque<>();
        Deque<Boolean> isQuery = new ArrayDeque<>();
        open.push(new StringBuilder());
        for (int i = 0; i < sql.length(); i++) {
            char sign = sql.charAt(i);
            if (sign == '(') {
                boolean query = OPENS_A_QUERY.matcher(sql.substring(i)).matches();
                isQuery.push(query);
                if (query) {
                    open.push(new StringBuilder());
                    continue;
                }
            }
            if (sign == ')' && isQuery.pop()) {
                groups.add(open.pop().toString());
                open.peek().append("()");
                continue;
            }
            open.peek().append(sign);
        }
        groups.add(open.pop().toString());
        return groups;
    }
}
