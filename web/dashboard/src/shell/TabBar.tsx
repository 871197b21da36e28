import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';

import type { Me } from '../session/me';
import { entriesFor, isAt } from './Menu';
import classes from './TabBar.module.css';

/** So many fit below a thumb. */
const TABS_MAX = 5;

/** On a phone: the pages of every hour, where the thumb is. */
export function TabBar({ me }: { me: Me }) {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  const tabs = entriesFor(me)
    .filter(({ entry }) => entry.group === 'work')
    .slice(0, TABS_MAX);
  return (
    <nav className={classes.bar} aria-label={t('shell.tabs')}>
      {tabs.map(({ path, entry: { label, icon: Icon } }) => (
        <Link key={path} to={path} className={classes.tab} aria-current={isAt(pathname, path) ? 'page' : undefined}>
          <Icon size={22} stroke={1.75} aria-hidden />
          <span>{t(label)}</span>
        </Link>
      ))}
    </nav>
  );
}
